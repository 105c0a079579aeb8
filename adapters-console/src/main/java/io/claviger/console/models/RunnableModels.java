package io.claviger.console.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models that the viewer can run.
 *
 * @param next the address of the next page; null on the last page
 */
public record RunnableModels(List<Entry> entries, @Nullable String next) {
  public RunnableModels {
    entries = List.copyOf(entries);
  }

  /**
   * A model that the viewer can run, as the list shows it.
   *
   * @param name the name by which callers call the model
   * @param called the model's name at the provider of the service
   * @param price the price for a million tokens at the service, in words
   * @param key a text that says which key a call uses
   * @param testCall the button for a test call; null if the viewer may not make a test call
   */
  public record Entry(
      String name,
      String displayName,
      String format,
      boolean isDefault,
      String service,
      String called,
      String price,
      String key,
      @Nullable ModelTestCall testCall) {}
}
