package io.claviger.gateway.strangers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what was sent and answered, so that a run that tries nothing is noticed. */
final class Coverage {
  private final Map<String, AtomicInteger> pieces = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

  void sent(String format, Grammar.Piece piece) {
    pieces.computeIfAbsent(key(format, piece), p -> new AtomicInteger()).incrementAndGet();
  }

  void answered(int status, String code) {
    answers
        .computeIfAbsent((status + " " + code).strip(), s -> new AtomicInteger())
        .incrementAndGet();
  }

  /** How often borrowers sent a piece as it stands in the grammar. */
  int times(String format, Grammar.Piece piece) {
    AtomicInteger times = pieces.get(key(format, piece));
    return times == null ? 0 : times.get();
  }

  int answers(String statusAndCode) {
    AtomicInteger times = answers.get(statusAndCode);
    return times == null ? 0 : times.get();
  }

  /** The number of answers. */
  int answered() {
    return answers.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private static String key(String format, Grammar.Piece piece) {
    return format + " " + piece.use() + " " + piece.text();
  }

  /** Returns the pieces of the grammars that were never sent. */
  List<String> missing(Map<String, Grammar> grammars) {
    return grammars.entrySet().stream()
        .flatMap(
            e ->
                e.getValue().shapes(true).stream()
                    .flatMap(
                        shape ->
                            java.util.stream.Stream.of(
                                    Grammar.Use.REFERENCE,
                                    Grammar.Use.STORING,
                                    Grammar.Use.REFERENCE_IN_FORM)
                                .flatMap(use -> shape.pieces(use).stream()))
                    .filter(piece -> times(e.getKey(), piece) == 0)
                    .map(piece -> key(e.getKey(), piece)))
        .toList();
  }

  @Override
  public String toString() {
    return new TreeMap<>(answers).toString();
  }
}
