# Speech by HTTP (8880), for voice assistants (10200) and over MQTT. Every architecture that node:22-slim and onnxruntime-node have:
#   docker buildx build --platform linux/amd64,linux/arm64 -t higgs-tts .
#   docker run -p 8880:8880 -p 10200:10200 -e HIGGS_API_KEY=… -v higgs:/data higgs-tts
FROM node:22-slim AS build
WORKDIR /package
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp

FROM node:22-slim
# Without what no container loads: onnxruntime of other systems, and onnxruntime-web, which is for where there is none.
RUN --mount=type=bind,from=build,source=/tmp,target=/packed \
  npm install --global --ignore-scripts --omit=dev /packed/higgs-tts-node-red-*.tgz \
  && cd /usr/local/lib/node_modules/@higgs-tts/node-red/node_modules && rm -r onnxruntime-web \
  && find onnxruntime-node/bin -mindepth 3 ! -path "*/linux/$(node -p process.arch)*" -delete \
  && rm -rf /root/.npm /tmp/* && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOME=/home/node HF_HOME=/data/hub HIGGS_CACHE_DIR=/data/cache HIGGS_DATA_DIR=/data/voices
USER node
WORKDIR /data
VOLUME /data
# 8890: where loudspeakers fetch announcements (--sounds).
EXPOSE 8880 10200 8890
# The first answer comes before the model is loaded: what is asked is whether the server still takes requests.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8880/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["higgs-tts"]
CMD ["serve", "--http", "0.0.0.0:8880", "--wyoming", "0.0.0.0:10200"]
