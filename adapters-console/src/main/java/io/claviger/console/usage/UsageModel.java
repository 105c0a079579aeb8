package io.claviger.console.usage;

import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page of usage.
 *
 * @param filters as they are in the address
 * @param thing what the usage is told apart by, in a word
 * @param chart what the script draws, as JSON
 * @param things how many there are in all; the table may have fewer
 * @param complete whether all usage that fits could be added up
 * @param export the address of the same usage as a file
 */
public record UsageModel(
    FormState filters,
    String thing,
    String chart,
    List<UsageLine> byThing,
    int things,
    List<UsageLine> byDay,
    boolean complete,
    String export) {
  public UsageModel {
    byThing = List.copyOf(byThing);
    byDay = List.copyOf(byDay);
  }
}
