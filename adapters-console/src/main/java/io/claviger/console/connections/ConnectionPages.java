package io.claviger.console.connections;

import io.claviger.application.connections.ServiceConnections;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSockets of a service, or the WebSockets that the viewer has opened at all services.
 */
public final class ConnectionPages implements ConsolePage {
  private static final String OWN = "/console/account/connections";
  private static final String PART = "/connections";
  private static final String END = "/end";
  private static final String ID = "id";

  private final ServiceConnections connections;
  private final Views views;

  public ConnectionPages(ServiceConnections connections, Views views) {
    this.connections = connections;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(OWN).openGet(visitors.signedIn(visit -> showOwn(visit, 200, FormState.EMPTY)));
    routes.pageAt(OWN + END).openPost(visitors.signedIn(this::endOwn));
    String ofService = ServiceAddress.PATTERN + PART;
    routes
        .pageAt(ofService)
        .openGet(visitors.signedIn(visit -> showOfService(visit, 200, FormState.EMPTY)));
    routes.pageAt(ofService + END).openPost(visitors.signedIn(this::end));
  }

  private void showOwn(Visit visit, int status, FormState form) {
    Page<OpenConnection, TimeCursor> page =
        Problems.valueOf(
            connections.listOwn(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.TIME)));
    views.show(
        visit,
        status,
        Area.ACCOUNT,
        "Open connections",
        "connections",
        ConnectionsView.of(page, OWN, "/console/account", null, form));
  }

  private void showOfService(Visit visit, int status, FormState form) {
    Instance.Ref service = ServiceAddress.of(visit);
    Page<OpenConnection, TimeCursor> page =
        Problems.valueOf(
            connections.list(
                visit.signedIn().actor(), service, Paging.asked(visit, CursorFormat.TIME)));
    String back = ServiceAddress.path(service);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Open connections of " + service,
        "connections",
        ConnectionsView.of(page, back + PART, back, service.toString(), form));
  }

  private void endOwn(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(connections.endOwn(visit.signedIn().actor(), id(form)));
          return OWN;
        },
        this::showOwn);
  }

  private void end(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(connections.end(visit.signedIn().actor(), service, id(form)));
          return ServiceAddress.path(service) + PART;
        },
        this::showOfService);
  }

  private static UUID id(Form form) {
    try {
      return UUID.fromString(form.value(ID).orElse(""));
    } catch (IllegalArgumentException malformed) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  /**
   * The page that lists open connections.
   *
   * @param service the service whose connections are shown; if null, the viewer's own connections
   *     at all services are shown
   * @param next the address of the next page; null on the last page
   * @param form the form with which a connection is ended, and the fault of the last attempt to end
   *     one
   */
  public record ConnectionsView(
      List<ConnectionLine> connections,
      String path,
      String back,
      @Nullable String service,
      @Nullable String next,
      FormState form) {
    public ConnectionsView {
      connections = List.copyOf(connections);
    }

    static ConnectionsView of(
        Page<OpenConnection, TimeCursor> page,
        String path,
        String back,
        @Nullable String service,
        FormState form) {
      return new ConnectionsView(
          page.items().stream().map(ConnectionLine::of).toList(),
          path,
          back,
          service,
          Paging.next(page, CursorFormat.TIME, Links.to(path)),
          form);
    }
  }

  /**
   * An open connection, as the page lists it.
   *
   * @param project the project through which the connection was opened; null if there was none, or
   *     if {@code service} names the project
   */
  public record ConnectionLine(
      String id,
      String user,
      String service,
      @Nullable String project,
      String since,
      String messages,
      String responses,
      String input,
      String output) {
    static ConnectionLine of(OpenConnection of) {
      return new ConnectionLine(
          of.id().toString(),
          of.user().value(),
          of.service(),
          of.project().filter(name -> !name.equals(of.service())).orElse(null),
          of.since().toString(),
          Numbers.shown(of.counts().messages()),
          Numbers.shown(of.counts().responses()),
          Numbers.shown(of.counts().inputTokens()),
          Numbers.shown(of.counts().outputTokens()));
    }
  }
}
