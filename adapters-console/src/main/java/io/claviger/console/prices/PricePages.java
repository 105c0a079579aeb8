package io.claviger.console.prices;

import io.claviger.application.providers.Providers;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.ModelName;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

public final class PricePages {
  private final PriceRealm realm;
  private final Providers providers;
  private final Views views;

  PricePages(PriceRealm realm, Providers providers, Views views) {
    this.realm = realm;
    this.providers = providers;
    this.views = views;
  }

  void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, realm.pattern(), this::ask, this::save);
  }

  private void ask(Visit visit) {
    FormState asked = FormState.asked(visit, realm.names());
    Optional<ListedPrice> stored = realm.stored(visit, Fields.of(asked.values()));
    FormState form =
        stored
            .map(PricePages::shown)
            .map(shown -> Versions.opened(asked.having(shown), PriceRealm.NAMING, version(shown)))
            .orElseGet(() -> asked.has(PriceFields.VALID_FROM) ? asked : fromToday(asked));
    show(visit, stored, new EditForm(200, form, List.of()));
  }

  private static FormState fromToday(FormState asked) {
    return asked.having(PriceFields.VALID_FROM, LocalDate.now(ZoneOffset.UTC).toString());
  }

  private void save(Visit visit) {
    Set<String> names = new HashSet<>(realm.names());
    names.add(Versions.FIELD);
    PriceRealm.NAMING.forEach(name -> names.add(name + Fields.SHOWN));
    Submission.of(
        visit, names, form -> save(visit, form), (problem, sent) -> refuse(visit, problem, sent));
  }

  private String save(Visit visit, Form form) {
    Fields fields = new Fields(form);
    PriceKeeper keeper = realm.keeper(visit, fields);
    Optional<ModelName> model =
        fields.required(PriceRealm.MODEL, "Name the model.", ModelName::new);
    Optional<PriceContent> content = PriceFields.read(fields);
    Problems.throwIfRefused(
        keeper.save(
            visit.signedIn().actor(),
            Versions.ofNamed(form, PriceRealm.NAMING),
            fields.check(model::orElseThrow),
            content.orElseThrow()));
    return keeper.list();
  }

  /**
   * Shows the values that the user typed. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuse(Visit visit, Problem problem, FormState sent) {
    Optional<ListedPrice> stored = realm.stored(visit, Fields.of(sent.values()));
    EditForm refused =
        EditForm.refused(
            problem,
            sent,
            "price",
            stored.map(PricePages::shown).orElse(Map.of()),
            PriceFields.names(),
            PriceRealm.NAMING);
    if (refused.isSavedAlready()) {
      visit.redirect(realm.list(visit));
    } else {
      show(visit, stored, refused);
    }
  }

  private static Map<String, String> shown(ListedPrice listed) {
    Map<String, String> values = PriceFields.shown(listed.price());
    values.put(PriceRealm.MODEL, listed.model().value());
    values.put(Versions.FIELD, Long.toString(listed.price().version()));
    return values;
  }

  private static String version(Map<String, String> shown) {
    return shown.getOrDefault(Versions.FIELD, "");
  }

  private void show(Visit visit, Optional<ListedPrice> stored, EditForm change) {
    FormState form = change.form();
    views.show(
        visit,
        change.status(),
        realm.area(),
        title(visit, stored),
        "price",
        new PriceView(
            realm.own() ? null : form.value(PriceRealm.PROVIDER),
            realm.own() ? List.of() : PriceListPages.names(providers),
            realm.form(visit),
            realm.list(visit),
            stored.map(listed -> PriceLine.of(listed, realm.form(visit))).orElse(null),
            form,
            change.differing()));
  }

  private String title(Visit visit, Optional<ListedPrice> stored) {
    String of = realm.own() ? " of " + ServiceAddress.of(visit) : "";
    return stored
        .map(price -> "Change a price" + of + ": " + price.model().value() + " from " + from(price))
        .orElse("New price" + of);
  }

  private static LocalDate from(ListedPrice price) {
    return price.price().validFrom();
  }

  /**
   * The page with the form for a price.
   *
   * @param provider the provider that the viewer chose; null if the price is a service's own
   * @param path the path to which the form is sent
   * @param back the address of the list of prices
   * @param stored the stored price that is changed; null if the price is new
   * @param differing the fields that somebody else changed while the form was open
   */
  public record PriceView(
      @Nullable String provider,
      List<String> providers,
      String path,
      String back,
      @Nullable PriceLine stored,
      FormState form,
      List<Difference> differing) {
    public PriceView {
      providers = List.copyOf(providers);
      differing = List.copyOf(differing);
    }
  }
}
