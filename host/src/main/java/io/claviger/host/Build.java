package io.claviger.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Values that the build wrote into the program: the program's version, and the embedded
 * PostgreSQL's version.
 */
public record Build(String version, String postgresVersion) {

  public static Build current() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", "?"), properties.getProperty("postgres-version", "?"));
  }
}
