package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The module that runs Error Prone names the sources that it compiles one by one. */
class StaticAnalysisTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  @Test
  void the_main_code_of_every_module_is_analysed() throws IOException {
    String analysis = Files.readString(ROOT.resolve("static-analysis").resolve("pom.xml"));

    List<String> modules =
        MODULE
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .filter(module -> !module.startsWith("benchmarks/"))
            .filter(module -> Files.exists(ROOT.resolve(Path.of(module, "src", "main", "java"))))
            .toList();

    assertThat(modules)
        .contains("domain", "application", "bootstrap")
        .allSatisfy(
            module ->
                assertThat(analysis).contains("<source>../" + module + "/src/main/java</source>"));
  }
}
