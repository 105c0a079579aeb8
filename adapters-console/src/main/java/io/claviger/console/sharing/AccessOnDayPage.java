package io.claviger.console.sharing;

import io.claviger.application.sharing.Sharing;
import io.claviger.application.sharing.port.AccessHistory.Access;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.AccessRoutes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows who could use a service on a certain day. */
public final class AccessOnDayPage implements ConsolePage {
  private static final String PATH = Area.AUDIT.path() + "/access";
  private static final String SERVICE = "service";
  private static final String DAY = "day";

  private final Sharing sharing;
  private final Views views;

  public AccessOnDayPage(Sharing sharing, Views views) {
    this.sharing = sharing;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    FormState asked = FormState.asked(visit, Set.of(SERVICE, DAY));
    if (!asked.has(SERVICE)) {
      show(visit, 200, asked, null);
      return;
    }
    try {
      Fields fields = Fields.ofQuery(visit);
      Optional<Instance.Ref> service =
          fields.required(SERVICE, "Name a service as owner/handle.", Instance.Ref::of);
      Optional<LocalDate> day = fields.optional(DAY, text -> Days.of(DAY, text));
      Instance.Ref ref = fields.check(service::orElseThrow);
      Sharing.AccessOnDay found =
          Problems.valueOf(
              sharing.accessOn(
                  visit.signedIn().actor(), ref, day, Paging.asked(visit, AccessRoutes.POSITION)));
      show(visit, 200, asked, Found.of(found, ref));
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), asked.with(problem), null);
    }
  }

  private void show(Visit visit, int status, FormState asked, @Nullable Found found) {
    views.show(
        visit,
        status,
        Area.AUDIT,
        "Who could use a service",
        "accessOnDay",
        new AccessOnDayView(asked, found));
  }

  /**
   * The page with the form for a question, and with the answer to the question.
   *
   * @param found the answer; null if no question was sent, or if the question can't be answered
   */
  public record AccessOnDayView(FormState asked, @Nullable Found found) {}

  /**
   * The users and groups who could use the service on the day.
   *
   * @param knownSince the time since which the record of access is complete; empty if the record is
   *     complete for this day
   * @param next the address of the next page; null on the last page
   */
  public record Found(
      String service, String day, List<Line> lines, String knownSince, @Nullable String next) {
    public Found {
      lines = List.copyOf(lines);
    }

    static Found of(Sharing.AccessOnDay found, Instance.Ref ref) {
      return new Found(
          ref.toString(),
          found.day().toString(),
          found.page().items().stream().map(Line::of).toList(),
          found.knownSince().isAfter(found.day().atStartOfDay(ZoneOffset.UTC).toInstant())
              ? found.knownSince().toString()
              : "",
          Paging.next(
              found.page(),
              AccessRoutes.POSITION,
              Links.to(PATH).with(SERVICE, ref.toString()).with(DAY, found.day().toString())));
    }
  }

  /**
   * One way in which users could use the service.
   *
   * @param user the handle of the user; empty if the line is about a whole group, a whole project
   *     or everybody
   * @param until the time at which the access ended or will end; null if no end is known
   */
  public record Line(String user, String role, String way, String since, @Nullable String until) {
    static Line of(Access access) {
      return new Line(
          access.user().map(Handle::value).orElse(""),
          access.role(),
          Stream.of(
                  Optional.of(access.way()),
                  access.project().map(Object::toString),
                  access.group().map(Object::toString))
              .flatMap(Optional::stream)
              .collect(Collectors.joining(" ")),
          access.since().toString(),
          access.until().map(Instant::toString).orElse(null));
    }
  }
}
