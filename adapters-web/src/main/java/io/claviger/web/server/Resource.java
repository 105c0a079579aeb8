package io.claviger.web.server;

import io.claviger.domain.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file on the class path, with its media type. The file is read when it is first requested, so
 * that it occupies no memory on a node whose documentation nobody reads. After the first request,
 * all requests share one copy. With a copy for each request, every slow reader would occupy a
 * megabyte or more of memory.
 */
public final class Resource {
  private final Supplier<byte[]> source;
  private final String mediaType;
  private byte @Nullable [] bytes;

  public Resource(String path, String mediaType) {
    this(() -> read(path), mediaType);
  }

  private Resource(Supplier<byte[]> source, String mediaType) {
    this.source = source;
    this.mediaType = mediaType;
  }

  Resource compressed() {
    return new Resource(() -> gzip(bytes()), mediaType);
  }

  /** Returns the SHA-256 hash of the file's content, in hexadecimal digits. */
  String hash() {
    return HexFormat.of().formatHex(Sha256.of(bytes()));
  }

  /** Returns a stream of the content, without copying the content. */
  public InputStream content() {
    return new ByteArrayInputStream(bytes());
  }

  public String mediaType() {
    return mediaType;
  }

  /**
   * Returns the path of the class path directory with the files of a WebJar. The path includes the
   * WebJar's version.
   *
   * @param group the group of the WebJar, such as {@code org.webjars}
   */
  public static String webJar(String group, String name) {
    Properties about = new Properties();
    try (InputStream in = open("/META-INF/maven/" + group + "/" + name + "/pom.properties")) {
      about.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/META-INF/resources/webjars/" + name + "/" + about.getProperty("version") + "/";
  }

  private synchronized byte[] bytes() {
    byte[] content = bytes;
    if (content == null) {
      content = source.get();
      bytes = content;
    }
    return content;
  }

  private static byte[] read(String path) {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static InputStream open(String path) {
    InputStream in = Resource.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + path);
    }
    return in;
  }
}
