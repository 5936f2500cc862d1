# The router as a container: docker build -t ccr . (docs/deployment.md says how to run it)
FROM eclipse-temurin:25-jdk-noble AS build
WORKDIR /src
COPY . .
RUN scripts/package \
 && mkdir /image \
 && tar -xzf dist/ccr-*-linux-*.tar.gz -C /image --strip-components=1

FROM debian:bookworm-slim
RUN groupadd --gid 10001 ccr \
 && useradd --uid 10001 --gid ccr --no-create-home --home-dir /nonexistent ccr \
 && install -d -o ccr -g ccr -m 0700 /var/lib/claude-code-router
COPY --from=build /image /opt/ccr
RUN ln -s /opt/ccr/bin/ccr /usr/local/bin/ccr

# Listening for other containers takes an APIKEY in the configuration: without one ccr refuses.
ENV CCR_CONFIG_PATH=/etc/ccr/config.json \
    CCR_HOST=0.0.0.0 \
    XDG_STATE_HOME=/var/lib
USER 10001:10001
EXPOSE 6970
HEALTHCHECK --interval=15s --timeout=5s CMD ["/opt/ccr/bin/ccr", "status"]
ENTRYPOINT ["/opt/ccr/bin/ccr"]
CMD ["start"]
