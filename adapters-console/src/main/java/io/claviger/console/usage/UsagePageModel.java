package io.claviger.console.usage;

import io.claviger.console.page.FormState;
import java.util.List;
import java.util.Locale;

/**
 * The page of usage.
 *
 * @param filters as they are in the address
 * @param thing what the usage is broken down by, in a word
 * @param chart what the script draws, as JSON
 * @param things how many there are in all; the table has those that used most
 * @param step "day" or "month"
 * @param answered whether the question could be answered
 * @param recent the address of the same question about the last 30 days
 * @param export the address of the same usage as a file
 */
public record UsagePageModel(
    FormState filters,
    String thing,
    String chart,
    List<UsageLine> byThing,
    long things,
    String step,
    List<UsageLine> byTime,
    boolean answered,
    String recent,
    String export) {
  public UsagePageModel {
    byThing = List.copyOf(byThing);
    byTime = List.copyOf(byTime);
  }

  /** The head of the column of what the usage is broken down by. */
  public String column() {
    return thing.substring(0, 1).toUpperCase(Locale.ROOT) + thing.substring(1);
  }

  /** Whether the table has only those that used most, and one line for the others. */
  public boolean isCut() {
    return things > Span.MOST;
  }
}
