package io.claviger.application.prices;

import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.ModelName;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.Rate;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Writes prices. This code is common to the deployment's prices and the services' own prices. */
final class PriceWrites {
  private final PriceStore prices;
  private final AuditedChanges changes;

  PriceWrites(PriceStore prices, AuditedChanges changes) {
    this.prices = prices;
    this.changes = changes;
  }

  /**
   * @throws RefusedException if there is no such price
   */
  ListedPrice find(PriceScope scope, ModelName model, LocalDate validFrom) {
    PriceFilter filter = new PriceFilter(Optional.of(model), Optional.of(validFrom));
    return prices.list(Optional.of(scope), filter, Optional.empty(), 1).stream()
        .filter(listed -> listed.price().validFrom().equals(validFrom))
        .findFirst()
        .orElseThrow(RefusedException::notFound);
  }

  SavedPrice save(
      PriceScope scope,
      ModelName model,
      PriceContent content,
      Precondition precondition,
      AuditTarget target,
      ChangeLog log) {
    Instant now = changes.now();
    Optional<Price> before = prices.lock(scope, model, content.validFrom());
    if (before.isEmpty()) {
      log.recordAttemptAs(AuditAction.PRICE_CREATE);
    }
    precondition.demand(before, Price::version);
    if (before.filter(content::isOf).isPresent()) {
      return new SavedPrice(find(scope, model, content.validFrom()), false);
    }
    Price saved =
        prices
            .save(scope, model, content, now)
            .orElseThrow(
                () ->
                    RefusedException.conflict(
                        "too_many_prices",
                        "This service already has 1,000 prices. Prices that were replaced or"
                            + " deleted in the last 40 days count too."));
    log.recordChange(
        before.isEmpty() ? AuditAction.PRICE_CREATE : AuditAction.PRICE_UPDATE,
        target,
        before.map(old -> differences(old, saved)).orElse(List.of()));
    return new SavedPrice(new ListedPrice(scope, model, saved, now), before.isEmpty());
  }

  private static List<String> differences(Price before, Price after) {
    FieldDifferences differences = new FieldDifferences();
    for (Rate rate : Rate.values()) {
      differences =
          differences.of(
              rate.wireName(),
              Optional.ofNullable(before.rates().stated().get(rate)),
              Optional.ofNullable(after.rates().stated().get(rate)));
    }
    return differences
        .of("thresholds", before.thresholds(), after.thresholds())
        .of("tiers", before.tiers(), after.tiers())
        .of("fees", before.fees(), after.fees())
        .names();
  }

  int delete(
      PriceScope scope,
      ModelName model,
      Optional<LocalDate> validFrom,
      AuditTarget target,
      ChangeLog log) {
    int ended = prices.end(scope, model, validFrom, changes.now());
    if (ended == 0) {
      throw RefusedException.notFound();
    }
    log.recordChange(AuditAction.PRICE_DELETE, target, List.of());
    return ended;
  }
}
