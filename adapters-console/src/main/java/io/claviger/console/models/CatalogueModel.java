package io.claviger.console.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue as administrators keep it.
 *
 * @param next the address of the next page; null on the last one
 */
public record CatalogueModel(List<Entry> entries, @Nullable String next) {
  public CatalogueModel {
    entries = List.copyOf(entries);
  }

  /**
   * A model.
   *
   * @param name by which callers name it
   * @param onFailure what happens when a call fails at one target, in words
   * @param targets the services that serve it, in the order in which they are tried
   */
  public record Entry(
      String name,
      String displayName,
      String format,
      boolean isDefault,
      Status status,
      String onFailure,
      List<TargetLine> targets) {
    public Entry {
      targets = List.copyOf(targets);
    }
  }

  /**
   * A service that serves a model.
   *
   * @param price what a million tokens cost there, in words
   * @param testCall the button that calls it; null if nobody could call it
   */
  public record TargetLine(
      String service,
      String model,
      Status status,
      String price,
      @Nullable ModelTestCall testCall) {}

  /** Whether users without keys of their own can run it: a word and its colour. */
  public record Status(String label, String tone) {}
}
