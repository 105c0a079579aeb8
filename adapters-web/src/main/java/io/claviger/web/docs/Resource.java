package io.claviger.web.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A file on the class path, and of what type it is. It is read once: a copy for each request would
 * be a megabyte and more that anybody who reads slowly makes the server hold.
 */
final class Resource {
  private static final String ABOUT_SWAGGER_UI =
      "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private final byte[] bytes;
  private final String mediaType;

  Resource(String path, String mediaType) {
    this.mediaType = mediaType;
    try (InputStream in = open(path)) {
      this.bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its content, of which nothing is copied. */
  InputStream content() {
    return new ByteArrayInputStream(bytes);
  }

  String mediaType() {
    return mediaType;
  }

  /** Where the files of Swagger UI are; its version is part of it. */
  static String swaggerUi() {
    Properties about = new Properties();
    try (InputStream in = open(ABOUT_SWAGGER_UI)) {
      about.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/META-INF/resources/webjars/swagger-ui/" + about.getProperty("version") + "/";
  }

  private static InputStream open(String path) {
    InputStream in = Resource.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + path);
    }
    return in;
  }
}
