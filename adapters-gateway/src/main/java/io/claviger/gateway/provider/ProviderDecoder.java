package io.claviger.gateway.provider;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Reads answers; generous with heads, since some providers say a lot in them. */
final class ProviderDecoder extends HttpResponseDecoder {
  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(8 << 10)
          .setMaxHeaderSize(128 << 10)
          .setMaxChunkSize(64 << 10)
          // Go's and Python's servers never do, but some by hand end lines in a bare line feed.
          .setStrictLineParsing(false);

  ProviderDecoder() {
    super(LIMITS);
  }
}
