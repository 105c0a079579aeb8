package io.claviger.browser;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The models that a hostile provider lists. */
final class HostileModels {
  /** Markup that needs no space, which an id can have. */
  static final String MARKUP = "<img/src=x/onerror=hit()>\"'><script>hit()</script>";

  static final List<String> LIST =
      Stream.concat(
              Stream.of(
                  MARKUP,
                  FurnishedLab.HOSTILE,
                  "\u202eright-to-left\u2066",
                  "\ud83e\udd96",
                  "w".repeat(200),
                  "w".repeat(10_000),
                  "a\u0000b",
                  "../../console/sign-in?return=//elsewhere",
                  "",
                  "parrot-large"),
              IntStream.range(0, 12_000).mapToObj(i -> "model-" + i))
          .toList();

  private HostileModels() {}
}
