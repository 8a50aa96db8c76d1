# syntax=docker/dockerfile:1
# An image with herald in it and nothing else: docs/install.md says how to run it.

# The tag says to people what the digest says to machines: change both together. The version is that of the Go release
# which herald is tested with; the image brings the certificates too.
FROM --platform=$BUILDPLATFORM golang:1.26.8-alpine3.24@sha256:8ac98ca534ac3f51e1f420a1dd2c15e74c75cfa0f23f3ad27eb5d7236c349a0c AS go

FROM go AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
RUN --mount=type=bind,target=. \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" go build -trimpath -buildvcs=false -ldflags="-s -w" -o /out/herald .

# What herald needs around it: the certificates of those who vouch for vendors, /tmp, where steps are kept
# during a run, and the campaign's place. Time zones it brings itself.
FROM go AS around
RUN mkdir -p /out/certs /out/own/campaign && \
    cp /etc/ssl/certs/ca-certificates.crt /out/certs/ && \
    mkdir -m 1777 /out/own/tmp

FROM scratch AS image
LABEL org.opencontainers.image.title="herald" \
      org.opencontainers.image.description="Plans, reviews and sends message campaigns" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=around /out/certs/ /etc/ssl/certs/
# A named volume that is new takes its owner from this directory; one of the host keeps its own.
COPY --from=around --chown=65532:65532 /out/own/ /
# There is no /etc/passwd, so that any uid will do: these name who ran what, in the ledger and in its lock.
ENV USER=herald HOME=/campaign
# A number, so that Kubernetes can see that it is not root's.
USER 65532:65532
# The ledger lies here, beside the campaign: mount it from where it outlives the container.
WORKDIR /campaign
# Herald itself is the first process, with no shell before it that would keep signals from it.
ENTRYPOINT ["/herald"]

# A release brings its own binary, built for each platform: docker buildx build --target=released.
FROM image AS released
ARG TARGETPLATFORM
COPY --chmod=0755 $TARGETPLATFORM/herald /herald

# From this tree: docker build.
FROM image
COPY --from=build /out/herald /herald
