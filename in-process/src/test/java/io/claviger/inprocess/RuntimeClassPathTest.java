package io.claviger.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that uses this module gets only the libraries that it needs. */
class RuntimeClassPathTest {
  @Test
  void there_are_as_many_libraries_as_the_document_says() throws IOException {
    List<Path> libraries =
        RuntimeClassPath.entries().stream()
            .filter(entry -> entry.toString().endsWith(".jar"))
            .filter(entry -> !entry.getFileName().toString().startsWith("claviger-"))
            .toList();

    assertThat(Files.readString(Path.of("..", "docs", "in-process.md")))
        .contains("The artifact brings " + libraries.size() + " libraries");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.eclipse.jetty.server.Server",
        "jakarta.servlet.Servlet",
        "io.javalin.Javalin",
        "io.claviger.web.WebServer",
        "io.claviger.console.Console",
        "gg.jte.TemplateEngine",
        "io.claviger.stub.StubProvider",
        "io.claviger.bootstrap.Main",
        "io.claviger.embeddedpostgres.EmbeddedDatabase",
        "io.zonky.test.db.postgres.embedded.EmbeddedPostgres",
        "ch.qos.logback.classic.Logger",
        "org.slf4j.nop.NOPServiceProvider",
        "org.slf4j.simple.SimpleServiceProvider",
        "picocli.CommandLine",
        "me.tongfei.progressbar.ProgressBar",
        "com.nimbusds.jose.JWSObject",
        "org.apache.hc.client5.http.classic.HttpClient",
        "com.zaxxer.hikari.HikariDataSource",
        "io.micrometer.core.instrument.MeterRegistry",
        "tools.jackson.databind.ObjectMapper"
      })
  void what_only_the_serving_program_needs_is_not_there(String type) throws IOException {
    assertThat(resource(type.replace('.', '/') + ".class")).isNull();
  }

  @Test
  void neither_is_the_documentation_page() throws IOException {
    assertThat(resource("META-INF/resources/webjars/swagger-ui")).isNull();
  }

  @Test
  void what_the_module_needs_is_found_where_the_others_are_looked_for() throws IOException {
    assertThat(resource("org/flywaydb/core/Flyway.class")).isNotNull();
  }

  private static URL resource(String name) throws IOException {
    URL[] urls =
        RuntimeClassPath.entries().stream().map(RuntimeClassPathTest::url).toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      return loader.getResource(name);
    }
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
