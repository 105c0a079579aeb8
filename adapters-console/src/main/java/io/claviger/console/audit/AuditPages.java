package io.claviger.console.audit;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Csv;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists the events of the audit trail that the viewer may see, the newest first, and offers these
 * events as a file.
 */
public final class AuditPages implements ConsolePage {
  private static final String PATH = Area.AUDIT.path();
  private static final Set<String> FILTERS =
      Set.of("actor", "action", "target", "outcome", "from", "to");
  private static final List<String> ACTIONS = WireNamed.names(AuditAction.values());

  private static final List<String> OUTCOMES = WireNamed.names(AuditOutcome.values());

  /**
   * The maximum number of events in an exported file. To export further events, the viewer has to
   * narrow the filters.
   */
  private static final int MOST_EVENTS = 10_000;

  private final AuditEvents auditEvents;
  private final Views views;

  public AuditPages(AuditEvents auditEvents, Views views) {
    this.auditEvents = auditEvents;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
    routes.pageAt(PATH + "/export").openGet(visitors.signedIn(this::export));
  }

  private void list(Visit visit) {
    FormState filters = FormState.asked(visit, FILTERS);
    try {
      Page<AuditEvent, TimeCursor> page =
          page(visit, filter(visit), Paging.asked(visit, CursorFormat.TIME));
      show(visit, 200, filters, page);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      if (problem.status() != 422) {
        throw e;
      }
      show(visit, 422, filters.with(problem), Page.whole(List.of()));
    }
  }

  private void export(Visit visit) {
    AuditFilter filter = filter(visit);
    Actor actor = visit.signedIn().actor();
    visit.download(
        "audit.csv",
        Csv.MEDIA_TYPE,
        new Csv.OfList<AuditEvent, TimeCursor>(
            AuditLine.COLUMNS,
            page -> auditEvents.list(actor, filter, page),
            event -> Optional.of(AuditLine.of(event).values()),
            MOST_EVENTS));
  }

  private Page<AuditEvent, TimeCursor> page(
      Visit visit, AuditFilter filter, PageRequest<TimeCursor> part) {
    return Problems.valueOf(auditEvents.list(visit.signedIn().actor(), filter, part));
  }

  private void show(Visit visit, int status, FormState filters, Page<AuditEvent, TimeCursor> page) {
    views.show(
        visit,
        status,
        Area.AUDIT,
        "Audit",
        "audit",
        new AuditView(
            filters,
            ACTIONS,
            OUTCOMES,
            page.items().stream().map(AuditLine::of).toList(),
            visit.signedIn().actor().administrator(),
            Paging.next(page, CursorFormat.TIME, filtered(PATH, filters)),
            filtered(PATH + "/export", filters).toString()));
  }

  private static Links filtered(String path, FormState filters) {
    Links links = Links.to(path);
    FILTERS.stream().sorted().forEach(name -> links.with(name, filters.value(name)));
    return links;
  }

  private static AuditFilter filter(Visit visit) {
    Fields fields = Fields.ofQuery(visit);
    Optional<Handle> actor = fields.optional("actor", Handle::new);
    Optional<AuditAction> action = fields.optional("action", AuditAction::of);
    Optional<AuditSubject> target = fields.optional("target", AuditSubject::of);
    Optional<AuditOutcome> outcome = fields.optional("outcome", AuditOutcome::of);
    Optional<Instant> since = fields.optional("from", text -> Days.beginning("from", text));
    Optional<TimeSpan> span =
        fields.optional("to", text -> new TimeSpan(since, Optional.of(Days.end("to", text))));
    return fields.check(
        () ->
            new AuditFilter(
                actor,
                action,
                target,
                outcome,
                span.orElseGet(() -> new TimeSpan(since, Optional.empty()))));
  }

  /**
   * A page of the list of audit events.
   *
   * @param filters the filters, as they are in the address of the page
   * @param actions all actions by which the list can be filtered
   * @param outcomes all outcomes by which the list can be filtered
   * @param administrator whether the viewer is an administrator
   * @param next the address of the next page; null on the last page
   * @param export the address of the file that contains the same events
   */
  public record AuditView(
      FormState filters,
      List<String> actions,
      List<String> outcomes,
      List<AuditLine> lines,
      boolean administrator,
      @Nullable String next,
      String export) {
    public AuditView {
      actions = List.copyOf(actions);
      outcomes = List.copyOf(outcomes);
      lines = List.copyOf(lines);
    }
  }

  /**
   * One event.
   *
   * @param sentence a sentence that describes the event
   * @param actor the user who caused the event; empty if this user is unknown
   * @param tone the CSS class that gives the outcome its colour
   * @param fields the names of the changed fields; if the event is a refusal, the code of the
   *     refusal
   * @param grantee the user or group that received or lost a share or membership; empty if the
   *     event is of another kind
   * @param changes the values before and after the change, as a table shows them
   * @param terms the values in {@code changes}, each as a phrase for the exported file
   * @param credential the token or session with which the actor acted; empty if there was none
   */
  public record AuditLine(
      AuditSentence sentence,
      String id,
      String at,
      String actor,
      String action,
      String targetType,
      String target,
      String targetId,
      String outcome,
      String tone,
      String fields,
      String grantee,
      List<Change> changes,
      List<String> terms,
      String credential,
      String address,
      String requestId,
      int count) {
    static final List<String> COLUMNS =
        List.of(
            "id",
            "at",
            "actor",
            "action",
            "target_type",
            "target",
            "target_id",
            "outcome",
            "fields",
            "credential",
            "address",
            "request_id",
            "count",
            "grantee",
            "terms");

    /** A field whose value the event changed. */
    public record Change(String field, String before, String after) {
      private static Change of(AuditEvent.Term term) {
        return new Change(
            AuditSentence.nameOf(term.field()),
            term.before().orElse("\u2013"),
            term.after().orElse("\u2013"));
      }
    }

    public AuditLine {
      changes = List.copyOf(changes);
      terms = List.copyOf(terms);
    }

    public static AuditLine of(AuditEvent event) {
      return new AuditLine(
          AuditSentence.of(event),
          event.id().toString(),
          event.at().toString(),
          event.actorHandle().map(Handle::value).orElse(""),
          event.action().wireName(),
          event.target().type(),
          event.target().ref(),
          event.target().id().map(UUID::toString).orElse(""),
          event.outcome().wireName(),
          tone(event.outcome()),
          String.join(", ", event.fields()),
          event.grantee().orElse(""),
          event.terms().stream().map(Change::of).toList(),
          event.terms().stream().map(AuditLine::words).toList(),
          credential(event),
          event.address(),
          event.requestId(),
          event.count());
    }

    /** Returns the values for the columns of the exported file. */
    List<String> values() {
      return List.of(
          id,
          at,
          actor,
          action,
          targetType,
          target,
          targetId,
          outcome,
          fields,
          credential,
          address,
          requestId,
          Integer.toString(count),
          grantee,
          String.join("; ", terms));
    }

    private static String words(AuditEvent.Term term) {
      String after = term.after().orElse("none");
      return term.field()
          + ": "
          + (term.before().equals(term.after())
              ? after
              : term.before().orElse("none") + " \u2192 " + after);
    }

    private static String credential(AuditEvent event) {
      return event
          .token()
          .map(token -> "token " + token.value())
          .or(() -> event.session().map(session -> "session " + session.value()))
          .orElse("");
    }

    private static String tone(AuditOutcome outcome) {
      return switch (outcome) {
        case DONE -> "muted";
        case REFUSED -> "warn";
        case FAILED -> "bad";
      };
    }
  }
}
