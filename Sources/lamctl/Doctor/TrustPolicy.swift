internal import Core
internal import Packager

/// Whom a role has to trust so that the CI system of a repository may assume it without a stored key.
enum TrustPolicy {
  /// The document for the repository at `remote`; nil for a place that is neither GitHub nor a GitLab.
  ///
  /// Sources: https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect,
  /// https://docs.gitlab.com/ci/cloud_services/aws/.
  ///
  /// - Parameter branches: those that may deploy; empty for any.
  static func document(
    for remote: GitRemote, branches: [String], partition: String, account: String
  ) -> JSON? {
    let issuer: String
    let audience: String
    let subjects: [String]
    if remote.host == "github.com" {
      issuer = "token.actions.githubusercontent.com"
      audience = "sts.amazonaws.com"
      subjects =
        branches.isEmpty
        ? ["repo:\(remote.path):*"] : branches.map { "repo:\(remote.path):ref:refs/heads/\($0)" }
    } else if remote.host == "gitlab.com" || remote.host.split(separator: ".").contains("gitlab") {
      issuer = remote.host
      audience = "https://\(remote.host)"
      subjects =
        branches.isEmpty
        ? ["project_path:\(remote.path):*"]
        : branches.map { "project_path:\(remote.path):ref_type:branch:ref:\($0)" }
    } else {
      return nil
    }
    return [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Effect": "Allow",
          "Principal": [
            "Federated": .string("arn:\(partition):iam::\(account):oidc-provider/\(issuer)")
          ],
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": .object(
            JSONObject([
              ("StringEquals", .object(JSONObject([("\(issuer):aud", .string(audience))]))),
              (
                "StringLike",
                .object(JSONObject([("\(issuer):sub", .array(subjects.map(JSON.string)))]))
              ),
            ])),
        ]
      ],
    ]
  }
}
