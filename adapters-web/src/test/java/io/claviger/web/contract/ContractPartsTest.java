package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract is split by tag, so that what belongs together is found in one file. */
class ContractPartsTest {
  private static final String SHARED = "shared";

  @Test
  void a_part_has_the_paths_of_its_tag() throws IOException {
    parts()
        .forEach(
            (part, document) ->
                document
                    .operations()
                    .forEach(
                        operation ->
                            assertThat(
                                    document
                                        .operation(operation.path(), operation.method())
                                        .path("tags")
                                        .path(0)
                                        .asString()
                                        .toLowerCase(Locale.ROOT)
                                        .replace(' ', '-'))
                                .as(operation.route())
                                .isEqualTo(part)));
  }

  @Test
  void what_only_one_part_uses_stands_there_and_everything_else_is_shared() throws IOException {
    Map<String, OpenApiDocument> parts = parts();
    Map<String, Set<String>> users = new TreeMap<>();
    parts.forEach(
        (part, document) ->
            document.root().findValuesAsString("$ref").stream()
                .forEach(ref -> users.computeIfAbsent(ref, r -> new TreeSet<>()).add(part)));
    parts.forEach(
        (part, document) ->
            eachComponent(
                document,
                (kind, name) -> {
                  Set<String> using =
                      users.getOrDefault("#/components/" + kind + "/" + name, Set.of());
                  assertThat(part)
                      .as("the file of %s, which is used by %s", name, using)
                      .isEqualTo(using.size() == 1 ? using.iterator().next() : SHARED);
                }));
  }

  private static void eachComponent(OpenApiDocument document, BiConsumer<String, String> each) {
    document
        .components()
        .forEachEntry((kind, all) -> all.propertyNames().forEach(name -> each.accept(kind, name)));
  }

  private static Map<String, OpenApiDocument> parts() throws IOException {
    Map<String, OpenApiDocument> parts = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of("src", "main", "openapi"))) {
      for (Path file : files.toList()) {
        parts.put(
            file.getFileName().toString().replace(".yaml", ""),
            OpenApiDocument.of(Files.readString(file)));
      }
    }
    assertThat(parts).containsKey(SHARED).hasSizeGreaterThan(10);
    return parts;
  }
}
