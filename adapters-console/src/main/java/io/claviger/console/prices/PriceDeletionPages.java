package io.claviger.console.prices;

import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.ModelName;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deletes a price, after a page has shown which price will then apply. */
public final class PriceDeletionPages {
  private final PriceRealm realm;
  private final Views views;

  PriceDeletionPages(PriceRealm realm, Views views) {
    this.realm = realm;
    this.views = views;
  }

  void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, realm.pattern() + "/delete", this::warn, this::delete);
  }

  private void warn(Visit visit) {
    show(visit, 200, FormState.asked(visit, realm.names()), FormState.EMPTY);
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        realm.names(),
        form -> delete(visit, new Fields(form)),
        (problem, sent) -> show(visit, problem.status(), sent, FormState.EMPTY.with(problem)));
  }

  private String delete(Visit visit, Fields fields) {
    PriceKeeper keeper = realm.keeper(visit, fields);
    Optional<ModelName> model =
        fields.required(PriceRealm.MODEL, "Name the model.", ModelName::new);
    Optional<LocalDate> from =
        fields.required(
            PriceFields.VALID_FROM,
            "Give the first day of the price.",
            text -> Days.of(PriceFields.VALID_FROM, text));
    Problems.throwIfRefused(
        keeper.delete(
            visit.signedIn().actor(), fields.check(model::orElseThrow), from.orElseThrow()));
    return keeper.list();
  }

  private void show(Visit visit, int status, FormState asked, FormState form) {
    PriceKeeper keeper = realm.keeper(visit, Fields.of(asked.values()));
    ListedPrice price =
        realm
            .stored(visit, Fields.of(asked.values()))
            .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
    Optional<ListedPrice> before =
        keeper.valid(
            visit.signedIn().actor(), price.model(), price.price().validFrom().minusDays(1));
    views.show(
        visit,
        status,
        realm.area(),
        "Delete a price: " + price.model().value() + " from " + price.price().validFrom(),
        "priceDeletion",
        new PriceDeletionView(
            keeper.name(),
            PriceLine.of(price, keeper.form()),
            keeper.form() + "/delete",
            keeper.list(),
            before.map(listed -> PriceLine.of(listed, keeper.form())).orElse(null),
            form));
  }

  /**
   * The page that shows what calls will cost after a price is deleted.
   *
   * @param path the path to which the form is sent
   * @param back the address of the list of prices
   * @param before the earlier price, which will apply after the deletion; null if there is none
   */
  public record PriceDeletionView(
      String of,
      PriceLine price,
      String path,
      String back,
      @Nullable PriceLine before,
      FormState form) {}
}
