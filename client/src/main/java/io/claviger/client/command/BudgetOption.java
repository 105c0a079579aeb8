package io.claviger.client.command;

import io.claviger.client.json.JsonTrees;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A budget in the form in which users write it: {@code 20usd/month}, {@code 3usd}, {@code
 * 1000000tokens/day}.
 *
 * @param window the budget's window; {@code total} if the text contains none
 */
public record BudgetOption(String amount, String unit, String window) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{1,16}(?:\\.\\d{1,9})?)(usd|tokens|requests)(?:/(day|week|month|total))?");

  public static final class Converter implements ITypeConverter<BudgetOption> {
    @Override
    public BudgetOption convert(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "write it as 20usd/month: a number with at most 16 digits before a point and 9 after it, then usd, tokens or requests. For a budget that resets, add /day, /week or /month");
      }
      return new BudgetOption(
          matcher.group(1),
          matcher.group(2),
          Optional.ofNullable(matcher.group(3)).orElse("total"));
    }
  }

  /** Returns the budget as the API represents it. */
  public JsonNode json() {
    return JsonTrees.object().put("amount", amount).put("unit", unit).put("window", window);
  }

  /**
   * Returns an object that contains only this budget, for the field {@code limits} of a token or
   * share.
   */
  public ObjectNode limits() {
    ObjectNode limits = JsonTrees.object();
    limits.putArray("budgets").add(json());
    return limits;
  }

  /** Whether a budget from the API has the same unit and the same window as this budget. */
  public boolean isOfSameKind(JsonNode budget) {
    return JsonTrees.optional(budget, "unit").equals(Optional.of(unit))
        && JsonTrees.optional(budget, "window").equals(Optional.of(window));
  }

  /** Describes a budget from the API in words. */
  public static String words(JsonNode budget) {
    String window = JsonTrees.optional(budget, "window").orElse("total");
    return "%s %s %s"
        .formatted(
            JsonTrees.optional(budget, "amount").orElse("?"),
            JsonTrees.optional(budget, "unit").orElse("?"),
            window.equals("total") ? "in all" : "a " + window);
  }

  /**
   * Describes a budget from the API in words with all its settings, for people who decide about the
   * budget.
   */
  public static String wordsInFull(JsonNode budget) {
    StringBuilder words = new StringBuilder(words(budget));
    JsonTrees.optional(budget, "zone")
        .filter(zone -> !zone.equals("UTC"))
        .ifPresent(zone -> words.append(", time of ").append(zone));
    JsonTrees.optional(budget, "bound").ifPresent(bound -> words.append(", ").append(bound));
    JsonTrees.optional(budget, "unpriced")
        .filter("allow"::equals)
        .ifPresent(allowed -> words.append(", models without a price pass"));
    return words.toString();
  }

  @Override
  public String toString() {
    return amount + unit + "/" + window;
  }
}
