package io.claviger.web.pages;

import io.claviger.web.server.OpenCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The style of all pages, a file on the class path. */
final class StyleSheet {
  private static final String FILE = "/console/style.css";
  private static final byte[] CONTENT = read();

  private StyleSheet() {}

  static void answer(OpenCall call) {
    call.ctx()
        .header("Cache-Control", "public, max-age=300")
        .contentType("text/css; charset=utf-8")
        .result(CONTENT);
  }

  private static byte[] read() {
    try (InputStream in = StyleSheet.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + FILE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
