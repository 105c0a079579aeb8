package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The first bytes that a client sends if it uses HTTP/2 with prior knowledge (RFC 9113, 3.4); these
 * bytes look like the head of a request. A client that sends these bytes understands only an answer
 * in HTTP/2.
 */
final class Http2Preface {
  private static final byte SETTINGS = 4;
  private static final byte GO_AWAY = 7;
  private static final int HTTP_1_1_REQUIRED = 0xd;
  private static final byte[] WHY = "The gateway speaks HTTP/1.1 only.".getBytes(US_ASCII);

  private Http2Preface() {}

  static boolean isIn(HttpRequest request) {
    return request.method().name().equals("PRI")
        && request.uri().equals("*")
        && request.protocolVersion().majorVersion() == 2;
  }

  /**
   * Returns an empty SETTINGS frame and the GOAWAY frame, which ends the connection. HTTP/2
   * requires SETTINGS as the first frame.
   */
  static ByteBuf refusal() {
    ByteBuf frames = Unpooled.buffer(64);
    beginFrame(frames, SETTINGS, 0);
    beginFrame(frames, GO_AWAY, 2 * Integer.BYTES + WHY.length);
    return frames.writeInt(0).writeInt(HTTP_1_1_REQUIRED).writeBytes(WHY);
  }

  /**
   * Writes the header of a frame without flags, on stream 0. Frames on stream 0 concern the
   * connection itself.
   */
  private static void beginFrame(ByteBuf frames, byte type, int length) {
    frames.writeMedium(length).writeByte(type).writeByte(0).writeInt(0);
  }
}
