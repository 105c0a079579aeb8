package io.claviger.web.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A file on the class path, with its media type. It is read once and shared by all requests. With a
 * copy for each request, every slow reader would hold a megabyte or more in memory.
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

  /** Returns the content without copying it. */
  InputStream content() {
    return new ByteArrayInputStream(bytes);
  }

  String mediaType() {
    return mediaType;
  }

  /** Returns the directory of Swagger UI on the class path. Its name includes the version. */
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
