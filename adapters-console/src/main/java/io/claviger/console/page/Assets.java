package io.claviger.console.page;

import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Resource;
import io.claviger.web.server.Routes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The files that pages load: style sheets and scripts. A file's address contains a hash of its
 * content, so that browsers keep it until it changes.
 */
public final class Assets {
  private static final String PATH = "/console/assets/";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final int HASH_DIGITS = 16;

  private static final Map<String, Asset> BY_NAME =
      Map.of(
          "pico.css", Asset.of(ofWebJar("picocss__pico", "css/pico.min.css"), CSS),
          "console.css", Asset.of("/console/console.css", CSS),
          "htmx.js", Asset.of(ofWebJar("htmx.org", "dist/htmx.min.js"), SCRIPT),
          "chart.js", Asset.of(ofWebJar("chart.js", "dist/chart.umd.min.js"), SCRIPT),
          "console.js", Asset.of("/console/console.js", SCRIPT));

  private Assets() {}

  /**
   * Returns the address of a file.
   *
   * @throws IllegalArgumentException when there is no such file
   */
  public static String url(String name) {
    Asset asset = BY_NAME.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("no such file: " + name);
    }
    return PATH + asset.hash() + "/" + name;
  }

  /** Adds the addresses of the files. */
  public static void addTo(Routes routes) {
    routes.pageAt(PATH + "{hash}/{file}").openGet(Assets::answer);
  }

  private static void answer(OpenCall call) {
    var ctx = call.ctx();
    Asset asset =
        Optional.ofNullable(BY_NAME.get(ctx.pathParam("file")))
            .filter(known -> known.hash().equals(ctx.pathParam("hash")))
            .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
    ctx.header("Cache-Control", "public, max-age=31536000, immutable")
        .header("Vary", "Accept-Encoding")
        .contentType(asset.file().mediaType());
    String accepted = Optional.ofNullable(ctx.req().getHeader("Accept-Encoding")).orElse("");
    if (accepted.contains("gzip")) {
      ctx.header("Content-Encoding", "gzip").result(new ByteArrayInputStream(asset.compressed()));
    } else {
      ctx.result(asset.file().content());
    }
  }

  private static String ofWebJar(String name, String file) {
    return Resource.webJar("org.webjars.npm", name) + file;
  }

  /**
   * A file as it is sent.
   *
   * @param compressed its content in gzip's format
   */
  private record Asset(Resource file, byte[] compressed, String hash) {
    static Asset of(String path, String mediaType) {
      Resource file = new Resource(path, mediaType);
      try (var in = file.content()) {
        byte[] content = in.readAllBytes();
        return new Asset(file, gzip(content), hash(content));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] gzip(byte[] content) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(content);
      }
      return bytes.toByteArray();
    }

    private static String hash(byte[] content) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
