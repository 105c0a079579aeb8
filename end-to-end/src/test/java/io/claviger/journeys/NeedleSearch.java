package io.claviger.journeys;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for many needles in one pass over a text. The secrets of a run begin alike, so that there
 * are few beginnings to look for, however many secrets there are.
 */
final class NeedleSearch {
  private static final int BEGINNING = 6;
  private static final int SLOTS = 1 << 14;

  private final boolean[] begins = new boolean[SLOTS];
  private final Map<String, List<String>> byBeginning = new HashMap<>();
  private final List<String> shorter = new ArrayList<>();

  void add(String needle) {
    if (needle.length() < BEGINNING) {
      shorter.add(needle);
    } else {
      String beginning = needle.substring(0, BEGINNING);
      begins[slot(needle, 0)] = true;
      byBeginning.computeIfAbsent(beginning, unused -> new ArrayList<>()).add(needle);
    }
  }

  /** Returns the needles that a text contains. */
  Set<String> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    shorter.stream().filter(text::contains).forEach(found::add);
    for (int at = 0; at + BEGINNING <= text.length(); at++) {
      if (begins[slot(text, at)]) {
        int from = at;
        byBeginning.getOrDefault(text.substring(at, at + BEGINNING), List.of()).stream()
            .filter(needle -> text.startsWith(needle, from))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static int slot(String text, int at) {
    int hash = 0;
    for (int i = at; i < at + BEGINNING; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return (hash ^ hash >>> 14) & SLOTS - 1;
  }
}
