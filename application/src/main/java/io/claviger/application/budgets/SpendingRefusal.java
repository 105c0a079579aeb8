package io.claviger.application.budgets;

import io.claviger.application.budgets.ReserveDecision.Exhausted;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.spending.CallEstimate.Obstacle;
import io.claviger.domain.spending.RequestedUse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why budgets refuse a call.
 *
 * @param message a text that says what the caller can do, without any of the caller's data except
 *     numbers
 * @param exhausted the budget with too little left; empty if the refusal has another reason
 */
public record SpendingRefusal(Reason reason, String message, Optional<BudgetMeter> exhausted) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd 'at' HH:mm", Locale.ROOT);

  private static final String OF_A_LENDER = "A budget of the lender";

  SpendingRefusal(Reason reason, String message) {
    this(reason, message, Optional.empty());
  }

  /** Why a call is refused. */
  public enum Reason {
    BUDGET_EXHAUSTED,
    MODEL_HAS_NO_PRICE,
    OUTPUT_UNBOUNDED,
    INPUT_UNBOUNDED,
    /** The request's output maximum is too high. */
    OUTPUT_TOO_LARGE,
    /** The maximum usage of a batch can't be computed. */
    BATCH_NOT_BOUNDED,
    /** A budget depends on the body, but the body can't be read. */
    USE_NOT_READABLE
  }

  static SpendingRefusal notReadable() {
    return new SpendingRefusal(
        Reason.USE_NOT_READABLE,
        "Limits here depend on how much this request asks for. The body has to be JSON in UTF-8 or"
            + " a plain multipart form. Name the model and the output maximum only once, and state"
            + " the maximum as a plain positive number. Don't ask for work in the background.");
  }

  static SpendingRefusal of(Obstacle obstacle, RequestedUse use) {
    return switch (obstacle) {
      case MODEL_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              "A budget here counts dollars, and this model has no price. An administrator can"
                  + " import prices, or the service's owner can state one with"
                  + " PUT /v1/llm-services/{owner}/{handle}/prices.");
      case OPERATION_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              "A budget here counts dollars, and the price of this model is for units that the"
                  + " request does not show, such as images or pages. Ask the service's owner to"
                  + " state a price for requests or tokens.");
      case TIER_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              "A budget here counts dollars, and the price of this model has no rates for the"
                  + " service tier in the request. Leave out the tier, or ask the service's owner"
                  + " to state rates for it.");
      case FEE_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              "A budget here counts dollars, and the price of this model has no fee for a"
                  + " tool that the request lets the provider use. Leave out the tool, or ask the"
                  + " service's owner to state its fee.");
      case OUTPUT_UNBOUNDED ->
          new SpendingRefusal(
              Reason.OUTPUT_UNBOUNDED,
              "A strict budget applies, so the request has to limit its output tokens. "
                  + use.outputField()
                      .map("Set %s in the request: this provider is known to obey it."::formatted)
                      .orElse(
                          "A request for this operation can't limit them. The price list needs an"
                              + " output maximum for the model."));
      case INPUT_UNBOUNDED ->
          new SpendingRefusal(
              Reason.INPUT_UNBOUNDED,
              use.unboundedTools()
                  ? "A strict budget applies, but the provider may use its own tools without a"
                      + " limit, or the request has fields with an unknown cost. Leave out these"
                      + " tools and fields, or limit the tools with max_uses (in Anthropic's API)"
                      + " or max_tool_calls (in responses of OpenAI and Azure). If the model itself"
                      + " searches without a limit, name another model."
                  : "A strict budget applies, but the size of the input is unknown: the request"
                      + " refers to conversations, files or media, or has parts or members that are"
                      + " not known to be plain text. Send text instead, or ask an administrator to"
                      + " import the model's context limit.");
    };
  }

  /**
   * @param most the maximum number of output tokens
   */
  static SpendingRefusal ofOutput(RequestedUse use, int most) {
    String field = use.outputField().orElse("its output maximum");
    OptionalLong stated = use.statedOutputInAll();
    if (stated.isEmpty()) {
      return new SpendingRefusal(
          Reason.OUTPUT_UNBOUNDED,
          use.outputField().isEmpty()
              ? ("Your limits here allow at most %s output tokens, but a request for this operation"
                      + " can't limit its output tokens.")
                  .formatted(grouped(most))
              : ("Your limits here allow at most %s output tokens. Set %s in the request: this"
                      + " provider is known to obey it.")
                  .formatted(grouped(most), field));
    }
    return new SpendingRefusal(
        Reason.OUTPUT_TOO_LARGE,
        ("Your limits here allow at most %s output tokens for all answers together, but the request"
                + " asks for up to %s. Set %s to less.")
            .formatted(grouped(most), grouped(stated.getAsLong()), field));
  }

  /** Returns the refusal of a batch with unknown requests. */
  public static SpendingRefusal ofUnreadBatch() {
    return new SpendingRefusal(
        Reason.BATCH_NOT_BOUNDED,
        "Budgets or limits apply here, but how much the requests of this batch ask for is unknown."
            + " Send the requests one by one.");
  }

  /**
   * Returns the refusal of a batch whose file was read by an earlier version of Claviger that did
   * not search files for tools.
   */
  public static SpendingRefusal ofUnreadTools() {
    return new SpendingRefusal(
        Reason.BATCH_NOT_BOUNDED,
        "A budget here counts dollars. This file was uploaded before Claviger looked for tools in"
            + " files, so its requests may let the provider use tools that have no price. Upload"
            + " the file again, and create the batch from the new file.");
  }

  /**
   * Returns the refusal of a batch due to one of its lines.
   *
   * @param line the line number, starting at 1
   */
  public static SpendingRefusal ofBatch(Obstacle obstacle, int line) {
    return switch (obstacle) {
      case MODEL_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              ("Line %d: A budget here counts dollars, and the model of this line has no price. An"
                      + " administrator can import prices, or the service's owner can state one with"
                      + " PUT /v1/llm-services/{owner}/{handle}/prices.")
                  .formatted(line));
      case OPERATION_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              ("Line %d: A budget here counts dollars, and the price of this model is for units"
                      + " that the line does not show, such as images or pages. Ask the service's"
                      + " owner to state a price for requests or tokens.")
                  .formatted(line));
      case TIER_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              ("Line %d: A budget here counts dollars, and the price of this model has no"
                      + " rates for the service tier in the line. Leave out the tier.")
                  .formatted(line));
      case FEE_HAS_NO_PRICE ->
          new SpendingRefusal(
              Reason.MODEL_HAS_NO_PRICE,
              ("Line %d: A budget here counts dollars, and the price of this model has no"
                      + " fee for a tool that the line lets the provider use. Leave out the tool.")
                  .formatted(line));
      case OUTPUT_UNBOUNDED ->
          new SpendingRefusal(
              Reason.BATCH_NOT_BOUNDED,
              ("Line %d: A strict budget applies. Limit the output tokens in each request, in a"
                      + " field that the provider is known to obey.")
                  .formatted(line));
      case INPUT_UNBOUNDED ->
          new SpendingRefusal(
              Reason.BATCH_NOT_BOUNDED,
              ("Line %d: A strict budget applies, but the size of this request's input is unknown:"
                      + " the request has media or files, names other models, or lets the provider"
                      + " use its own tools. Send text instead, or ask an administrator to import"
                      + " the model's context limit.")
                  .formatted(line));
    };
  }

  /**
   * Returns the refusal of a batch in which a request could exceed the maximum number of output
   * tokens.
   *
   * @param line the line number, starting at 1
   * @param stated the output maximum that the line states for all its answers together; 0 if the
   *     line states none
   * @param most the maximum number of output tokens
   */
  public static SpendingRefusal ofBatchOutput(int line, long stated, int most) {
    return stated == 0
        ? new SpendingRefusal(
            Reason.OUTPUT_UNBOUNDED,
            ("Line %d: Your limits here allow at most %s output tokens. State a maximum in each"
                    + " request, in a field that the provider is known to obey.")
                .formatted(line, grouped(most)))
        : new SpendingRefusal(
            Reason.OUTPUT_TOO_LARGE,
            ("Line %d: Your limits here allow at most %s output tokens for all answers to a request"
                    + " together, but this request asks for up to %s.")
                .formatted(line, grouped(most), grouped(stated)));
  }

  /** Returns the refusal of a batch that does not fit into a budget. */
  public static SpendingRefusal ofBatch(Exhausted exhausted) {
    return of(exhausted, Optional.empty(), OptionalLong.empty());
  }

  /**
   * @param fits the largest output maximum with which the call would fit. The message states it
   *     only if the caller may see the budget, because it tells how much of the budget is left
   */
  static SpendingRefusal of(Exhausted exhausted, Optional<RequestedUse> use, OptionalLong fits) {
    BudgetMeter meter = exhausted.meter();
    StringBuilder text = new StringBuilder(256);
    text.append(meter.shownToCaller() ? shown(exhausted) : hidden(exhausted));
    exhausted
        .windowEnds()
        .ifPresentOrElse(
            end -> text.append(" It resets on %s.".formatted(time(end, meter.budget()))),
            () -> text.append(" It does not reset by itself."));
    use.flatMap(RequestedUse::outputField)
        .filter(field -> fits.isPresent() && meter.shownToCaller())
        .ifPresent(
            field ->
                text.append(
                    " The same request fits now with %s of at most %s."
                        .formatted(field, grouped(fits.getAsLong()))));
    text.append(
        exhausted.windowEnds().isPresent()
            ? " Trying again before then does not help."
            : " Trying again does not help.");
    return new SpendingRefusal(Reason.BUDGET_EXHAUSTED, text.toString(), Optional.of(meter));
  }

  private static String hidden(Exhausted exhausted) {
    return exhausted.left() > 0
        ? OF_A_LENDER + " does not leave enough for this call."
        : OF_A_LENDER + " is used up.";
  }

  private static String shown(Exhausted exhausted) {
    Budget budget = exhausted.meter().budget();
    String whose =
        "%s, %s%s,"
            .formatted(
                holder(exhausted.meter()),
                amount(budget.unit(), budget.amount()),
                window(budget.window()));
    return exhausted.left() > 0
        ? "%s does not leave enough for this call, which may use up to %s: %s left."
            .formatted(
                whose,
                amount(budget.unit(), exhausted.wanted()),
                remains(budget.unit(), exhausted.left()))
        : whose + " is used up.";
  }

  private static String holder(BudgetMeter meter) {
    return switch (BudgetHolder.of(meter.account()).kind()) {
      case SERVICE_CALLER -> "Your budget on this service";
      case SERVICE_GROUP -> "Your group's budget on this service";
      case SERVICE -> "This service's budget for all its callers";
      case TOKEN -> "The budget of your access token";
      case USER -> "Your budget";
      case GROUP_MEMBER -> "Your budget as a member of a group";
      case GROUP_OWNER -> "Your budget for your own services as a member of a group";
      case GROUP -> "The budget of your group";
      case PROJECT_CALLER -> "Your budget through this project";
    };
  }

  private static String amount(BudgetUnit unit, long parts) {
    return switch (unit) {
      case USD -> "$" + unit.text(parts);
      case TOKENS -> parts == 1 ? "1 token" : grouped(parts) + " tokens";
      case REQUESTS -> parts == 1 ? "1 request" : grouped(parts) + " requests";
    };
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String remains(BudgetUnit unit, long parts) {
    return amount(unit, parts) + (parts == 1 || unit == BudgetUnit.USD ? " is" : " are");
  }

  private static String window(BudgetWindow window) {
    return switch (window) {
      case DAY -> " a day";
      case WEEK -> " a week";
      case MONTH -> " a month";
      case TOTAL -> " in all";
    };
  }

  private static String time(Instant end, Budget budget) {
    return TIME.format(end.atZone(budget.zone().zoneId())) + " " + budget.zone().name();
  }
}
