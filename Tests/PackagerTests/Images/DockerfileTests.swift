import Core
import Testing

@testable import Packager

@Suite("Dockerfiles and repositories of images")
struct DockerfileTests {
  @Test("the bases of all stages are read, but not stages, variables, comments and here-documents")
  func bases() {
    let text = """
      # FROM python:3.9
      ARG BASE=python:3.12
      FROM --platform=$BUILDPLATFORM golang:1.24 AS build
      RUN <<EOF
      from os import path
      FROM table
      EOF
      RUN go build \\
        # FROM inside
        FROM-nothing
      FROM ${BASE} AS other
      from build as again
      FROM scratch
      COPY --from=build /a /a
      FROM public.ecr.aws/lambda/python:3.13@sha256:\(String(repeating: "a", count: 64))

      """
    let file = Dockerfile(Array(text.utf8))
    #expect(
      file.bases == [
        "golang:1.24", "public.ecr.aws/lambda/python:3.13@sha256:\(String(repeating: "a", count: 64))",
      ])
    #expect(file.movingBases == ["golang:1.24"])
  }

  @Test(
    "what Lambda takes images from is ECR, and a registry of this machine for endpoints of this machine",
    arguments: [
      (
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders-1",
        ImageRepository.Registry.ecr(account: "123456789012", region: "eu-west-1")
      ),
      (
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/orders",
        .ecr(account: "123456789012", region: "cn-north-1")
      ),
      ("localhost:5000/orders", .local), ("127.0.0.1:5000/a/b.c_d", .local),
    ])
  func repositories(text: String, registry: ImageRepository.Registry) throws {
    let repository = try #require(ImageRepository(parsing: text))
    #expect(repository.registry == registry)
    #expect(repository.description == text)
  }

  @Test(
    "anything else is no repository",
    arguments: [
      "", "orders", "docker.io/library/orders", "ghcr.io/shop/orders", "public.ecr.aws/shop/orders",
      "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/orders",
      "12345.dkr.ecr.eu-west-1.amazonaws.com/orders", "123456789012.dkr.ecr.eu-west-1.example.com/orders",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:latest",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/Orders", "localhost:0/orders", "localhost/orders",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/../a", "localhost:5000/a b", "localhost:5000/-a",
    ])
  func others(text: String) {
    #expect(ImageRepository(parsing: text) == nil)
  }
}
