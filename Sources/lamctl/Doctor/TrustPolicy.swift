internal import Core

/// Whom a role trusts: tokens of one identity provider, for one audience, whose subject is one of these.
struct TrustPolicy: Equatable, Sendable {
  /// The provider's address without its scheme, as IAM names it: `gitlab.com`.
  let provider: String
  let audience: String
  /// Patterns of IAM's `StringLike`: `*` for anything, `?` for one character.
  let subjects: [String]

  /// The policy of a role in `account`.
  func document(partition: String, account: String) -> JSON {
    [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Effect": "Allow",
          "Principal": [
            "Federated": .string("arn:\(partition):iam::\(account):oidc-provider/\(provider)")
          ],
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": .object(
            JSONObject([
              ("StringEquals", .object(JSONObject([("\(provider):aud", .string(audience))]))),
              (
                "StringLike",
                .object(JSONObject([("\(provider):sub", .array(subjects.map(JSON.string)))]))
              ),
            ])),
        ]
      ],
    ]
  }
}
