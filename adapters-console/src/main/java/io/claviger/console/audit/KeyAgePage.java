package io.claviger.console.audit;

import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.AgedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.OwnKeyCounts;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.rejectedkeys.KeyAgeRoutes;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows administrators how old the stored keys are, and which of these keys are rejected by
 * providers.
 */
public final class KeyAgePage implements ConsolePage {
  private static final String PATH = Area.KEYS.path();
  private static final String OLDER = "older_than_days";
  private static final String REJECTED = "rejected";

  private final RejectedKeys keys;
  private final Views views;

  public KeyAgePage(RejectedKeys keys, Views views) {
    this.keys = keys;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    FormState asked = FormState.asked(visit, Set.of(OLDER, REJECTED));
    try {
      Fields fields = Fields.ofQuery(visit);
      Optional<Instant> setBefore =
          fields.optional(OLDER, text -> KeyAgeRoutes.daysAgo(OLDER, text));
      boolean rejected = fields.check(() -> asked.has(REJECTED));
      RejectedKeys.KeyAges found =
          Problems.valueOf(
              keys.ages(
                  visit.signedIn().actor(),
                  setBefore,
                  rejected,
                  Paging.asked(visit, CursorFormat.TIME)));
      Links here =
          Links.to(PATH).with(OLDER, asked.value(OLDER)).with(REJECTED, asked.value(REJECTED));
      show(
          visit,
          200,
          new KeyAgeView(
              asked,
              found.page().items().stream().map(Line::of).toList(),
              found.own(),
              Paging.next(found.page(), CursorFormat.TIME, here)));
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), new KeyAgeView(asked.with(problem), List.of(), null, null));
    }
  }

  private void show(Visit visit, int status, KeyAgeView view) {
    views.show(visit, status, Area.KEYS, Area.KEYS.label(), "keyAges", view);
  }

  /**
   * A page of the list of the services' keys.
   *
   * @param own the numbers of keys that people have stored for their own use; null if the filters
   *     were refused, so that nothing was read
   * @param next the address of the next page; null on the last page
   */
  public record KeyAgeView(
      FormState asked, List<Line> lines, @Nullable OwnKeyCounts own, @Nullable String next) {
    public KeyAgeView {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The key of a service, as the list shows it.
   *
   * @param rejected the time at which the provider began to reject the key, and the status of the
   *     provider's answer; empty if the provider does not reject the key
   */
  public record Line(String service, String setAt, String rejected) {
    static Line of(AgedKey key) {
      return new Line(
          key.ref().toString(),
          key.setAt().toString(),
          key.rejectedSince()
              .map(since -> since + ", " + key.status().map(Object::toString).orElse(""))
              .orElse(""));
    }
  }
}
