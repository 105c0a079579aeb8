package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.CallEstimate.Obstacle;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Computes the amount that is reserved in a budget for a batch. Under a {@code strict} budget, the
 * estimate is the greatest use that all requests can have together. For each request, the same
 * limits are assumed as for a single call. Under a {@code measured} budget, the estimate is the
 * mean use in recent calls of the models, plus a margin. This estimate is never less than the
 * estimate for an unknown caller. So a caller can't make a few cheap calls in order to lower the
 * reservation for a batch with many requests. The estimate is never more than the requests can use.
 *
 * @param path the operation that the requests call, as a path below the service
 */
public record BatchEstimate(String path, List<OfModel> models) {
  /**
   * One of the models that the requests name.
   *
   * @param prices the prices for requests in batches, and the model's limits
   * @param observed the use in the caller's earlier calls of the model
   */
  public record OfModel(ModelUse use, CallPrices prices, ObservedUse observed) {
    /**
     * Returns the facts about the model that have to be stored until the batch is settled.
     *
     * @param path the operation that the requests call, as a path below the service
     */
    ReservedModel reserved(String path) {
      UseBounds most = bounds(path);
      return new ReservedModel(
          use.model(),
          use.requests(),
          most.input(),
          most.output(),
          Math.min(most.input(), usualInput()),
          usualOutput(path),
          prices.own().map(Price::version).orElse(0L),
          prices.deployment().map(Price::version).orElse(0L),
          use.tools().uses());
    }

    private UseBounds bounds(String path) {
      long context = prices.bounds().context().orElse(UseBounds.ASSUMED_CONTEXT);
      long each = prices.bounds().maxOutput().orElse(UseBounds.ASSUMED_OUTPUT);
      return new UseBounds(
          Amounts.sum(ofBodies(), Amounts.product(use.elsewhere(), context)),
          answersInTokens(path)
              ? Amounts.sum(use.output(), Amounts.product(use.unstated(), each))
              : 0,
          0);
    }

    private long ofBodies() {
      return Amounts.sum(use.bytes(), Amounts.product(use.reads(), UseBounds.TOKENS_BESIDES));
    }

    private static boolean answersInTokens(String path) {
      return OperationKind.of("POST", path).answersInTokens();
    }

    /**
     * Returns the greatest number of input tokens that the requests can have; empty if it is
     * unknown.
     */
    private OptionalLong input() {
      if (use.firstUnbounded() > 0) {
        return OptionalLong.empty();
      }
      OptionalLong context = prices.bounds().context();
      if (use.elsewhere() > 0 && context.isEmpty()) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(
          Amounts.sum(ofBodies(), Amounts.product(use.elsewhere(), context.orElse(0))));
    }

    /**
     * Returns the greatest number of output tokens that the answers can have; empty if it is
     * unknown.
     */
    private OptionalLong output(String path) {
      if (!answersInTokens(path)) {
        return OptionalLong.of(0);
      }
      OptionalLong each = prices.bounds().maxOutput();
      return use.unstated() > 0 && each.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(
              Amounts.sum(use.output(), Amounts.product(use.unstated(), each.orElse(0))));
    }

    private long usualInput() {
      return Math.max(usualInput(observed), usualInput(ObservedUse.NONE));
    }

    private long usualInput(ObservedUse of) {
      long text = of.expectedText(use.bytes());
      long besides = Amounts.product(use.reads(), of.expectedBesides());
      long elsewhere = Amounts.product(use.elsewhere(), of.expectedElsewhere());
      long all = Amounts.sum(Amounts.sum(text, besides), elsewhere);
      return Math.min(all, input().orElse(Long.MAX_VALUE));
    }

    private long usualOutput(String path) {
      if (!answersInTokens(path)) {
        return 0;
      }
      long usual = Math.max(observed.expectedOutput(), ObservedUse.NONE.expectedOutput());
      return Math.min(output(path).orElse(Long.MAX_VALUE), Amounts.product(usual, use.answers()));
    }

    private Bound amountFor(BudgetMeter meter, String path) {
      Budget budget = meter.budget();
      boolean isStrict = budget.bound() == BudgetBound.STRICT;
      OptionalLong input = isStrict ? input() : OptionalLong.of(usualInput());
      OptionalLong output = isStrict ? output(path) : OptionalLong.of(usualOutput(path));
      return switch (budget.unit()) {
        case REQUESTS -> new Bound.Of(use.requests());
        case TOKENS ->
            input.isEmpty() || output.isEmpty()
                ? missing(input)
                : new Bound.Of(Amounts.sum(input.getAsLong(), output.getAsLong()));
        case USD -> dollars(meter, path, input, output);
      };
    }

    private long mostFor(BudgetMeter meter, String path) {
      UseBounds most = bounds(path);
      return switch (meter.budget().unit()) {
        case REQUESTS -> use.requests();
        case TOKENS -> Amounts.sum(most.input(), most.output());
        case USD ->
            price(meter).stream()
                .flatMap(of -> withVersions(of).stream())
                .mapToLong(
                    of ->
                        Amounts.sum(
                            ReservedModel.atMost(of, use.requests(), most.input(), most.output()),
                            fees(of, BudgetBound.STRICT)))
                .max()
                .orElse(0);
      };
    }

    private Optional<Price> price(BudgetMeter meter) {
      return meter.isOfService() ? prices.forService() : prices.forCallers();
    }

    private Bound missing(OptionalLong input) {
      if (input.isPresent()) {
        return new Bound.Missing(Obstacle.OUTPUT_UNBOUNDED, use.firstUnstated());
      }
      return new Bound.Missing(
          Obstacle.INPUT_UNBOUNDED,
          use.firstUnbounded() > 0 ? use.firstUnbounded() : use.firstElsewhere());
    }

    private Bound dollars(BudgetMeter meter, String path, OptionalLong input, OptionalLong output) {
      Optional<Price> price = price(meter);
      boolean isOfModel = price.isPresent();
      if (!isOfModel || !price.get().says(answersInTokens(path), 0, FeesUsed.NONE)) {
        return meter.budget().allowsUnpriced()
            ? new Bound.Of(Budget.LEAST_DOLLARS)
            : new Bound.Missing(
                isOfModel ? Obstacle.OPERATION_HAS_NO_PRICE : Obstacle.MODEL_HAS_NO_PRICE,
                use.firstLine());
      }
      boolean isStrict = meter.budget().bound() == BudgetBound.STRICT;
      List<Price> possible = isStrict ? withVersions(price.get()) : List.of(price.get());
      boolean isInputMissing =
          input.isEmpty() && possible.stream().anyMatch(each -> each.dearestInput() > 0);
      boolean isOutputMissing =
          output.isEmpty() && possible.stream().anyMatch(each -> each.dearestOutput() > 0);
      if (isInputMissing || isOutputMissing) {
        return missing(isInputMissing ? input : OptionalLong.of(0));
      }
      boolean needsFees = isStrict || !meter.budget().allowsUnpriced();
      if (needsFees && use.tools().mayLackFee(price.get(), isStrict)) {
        return new Bound.Unread();
      }
      OptionalInt withoutFee =
          needsFees ? use.tools().firstWithoutFee(price.get(), isStrict) : OptionalInt.empty();
      if (withoutFee.isPresent()) {
        return new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE, withoutFee.getAsInt());
      }
      long dearest = 0;
      for (Price each : possible) {
        long most =
            each.terms().isFree()
                ? 0
                : Amounts.sum(
                    ReservedModel.atMost(each, use.requests(), input.orElse(0), output.orElse(0)),
                    fees(each, meter.budget().bound()));
        dearest = Math.max(dearest, most);
      }
      return new Bound.Of(dearest);
    }

    /**
     * Returns the prices of the requested model and of all versions that the model's name could
     * mean.
     */
    private List<Price> withVersions(Price price) {
      return Stream.concat(Stream.of(price), prices.versions().stream()).toList();
    }

    /**
     * Returns the cost of the provider's tools. Under a {@code strict} budget, the highest fee is
     * counted for each time that the provider might read a body again. Under a {@code measured}
     * budget, one usual fee is counted for each request that allows tools. What a tool reads to
     * make images is counted in addition: under a {@code strict} budget everything that the
     * requests allow, and under a {@code measured} budget at most one image for each request.
     */
    private long fees(Price price, BudgetBound bound) {
      long runs = Math.max(0, use.reads() - use.requests());
      long counted = bound == BudgetBound.STRICT ? runs : Math.min(runs, use.requests());
      long dearest =
          FeeKind.OF_TOOLS.stream()
              .map(each -> FeesUsed.of(each, counted))
              .map(each -> bound == BudgetBound.STRICT ? each : RequestedFees.usual(each))
              .mapToLong(each -> ReservedModel.atMost(price, each))
              .max()
              .orElse(0);
      long allowed = use.tools().uses().counts().getOrDefault(FeePiece.READ_IMAGE, 0L);
      FeesUsed read =
          FeesUsed.of(
              FeePiece.READ_IMAGE,
              bound == BudgetBound.STRICT ? allowed : Math.min(allowed, use.requests()));
      return counted == 0 ? 0 : Amounts.sum(dearest, ReservedModel.atMost(price, read));
    }
  }

  public BatchEstimate {
    models = List.copyOf(models);
  }

  /** The amount to reserve in a budget, or the reason why nothing can be reserved. */
  public sealed interface Bound {
    /**
     * @param amount the amount in the smallest part of the budget's unit
     */
    record Of(long amount) implements Bound {}

    /**
     * @param line the number of the file's first line to which the reason applies
     */
    record Missing(Obstacle why, int line) implements Bound {}

    /**
     * The requests were not searched for tools, so they might use tools of the provider that have
     * no price.
     */
    record Unread() implements Bound {}
  }

  /** Returns the amount to reserve in a budget for all requests together. */
  public Bound amountFor(BudgetMeter meter) {
    long sum = 0;
    for (OfModel each : models) {
      switch (each.amountFor(meter, path)) {
        case Bound.Of of -> sum = Amounts.sum(sum, of.amount());
        case Bound.Missing missing -> {
          return missing;
        }
        case Bound.Unread unread -> {
          return unread;
        }
      }
    }
    return new Bound.Of(Math.min(sum, Cost.MOST));
  }

  /**
   * Returns the highest amount that can be charged to a budget for the batch, whatever the estimate
   * is. The amount is 0 if the budget is in dollars and there is no price.
   */
  public long mostFor(BudgetMeter meter) {
    long sum = 0;
    for (OfModel each : models) {
      sum = Amounts.sum(sum, each.mostFor(meter, path));
    }
    return Math.min(sum, Cost.MOST);
  }

  /** Returns the facts about the models that have to be stored until the batch is settled. */
  public List<ReservedModel> reserved() {
    return models.stream().map(each -> each.reserved(path)).toList();
  }
}
