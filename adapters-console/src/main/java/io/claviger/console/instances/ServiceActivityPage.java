package io.claviger.console.instances;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.console.audit.AuditPages.AuditLine;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows the events and the refused calls of a service, as far as the viewer may see them. */
public final class ServiceActivityPage implements ConsolePage {
  private static final int DAYS = 30;
  private static final int MOST_REFUSALS = 10;

  private final Instances instances;
  private final AuditEvents auditEvents;
  private final UsageReports usageReports;
  private final Views views;

  public ServiceActivityPage(
      Instances instances, AuditEvents auditEvents, UsageReports usageReports, Views views) {
    this.instances = instances;
    this.auditEvents = auditEvents;
    this.usageReports = usageReports;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(ServiceAddress.PATTERN + ServiceTab.ACTIVITY.address())
        .openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    Instance.Ref service = view.instance().ref();
    ServiceHead head = ServiceHead.of(actor, view, ServiceTab.ACTIVITY);
    Page<AuditEvent, TimeCursor> events =
        auditEvents
            .list(actor, about(view.instance().id()), Paging.asked(visit, CursorFormat.TIME))
            .asOptional()
            .orElse(Page.whole(List.of()));
    views.show(
        visit,
        Area.SERVICES,
        "Activity of " + service,
        "serviceActivity",
        new ActivityView(
            head,
            events.items().stream().map(AuditLine::of).toList(),
            Paging.next(
                events, CursorFormat.TIME, Links.to(head.path() + ServiceTab.ACTIVITY.address())),
            refusals(actor, service)));
  }

  private static AuditFilter about(Instance.Id service) {
    return new AuditFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.of(new AuditSubject.ById(service.value())),
        Optional.empty(),
        new TimeSpan(Optional.empty(), Optional.empty()));
  }

  private List<RefusedCalls> refusals(Actor actor, Instance.Ref service) {
    LocalDate since = LocalDate.now(ZoneOffset.UTC).minusDays(DAYS - 1);
    UsageFilter filter =
        new UsageFilter(
            Optional.of(service),
            Optional.empty(),
            Optional.empty(),
            Optional.of(since),
            Optional.empty());
    return usageReports
        .refusals(
            actor, filter, Optional.empty(), new PageRequest<>(Optional.empty(), MOST_REFUSALS))
        .asOptional()
        .map(Page::items)
        .orElse(List.of());
  }

  /**
   * The events and refusals that the page shows.
   *
   * @param next the address of the next page of events; null on the last page
   * @param refusals the refusals of the last {@value #DAYS} days; at most {@value #MOST_REFUSALS}
   *     of them
   */
  public record ActivityView(
      ServiceHead head,
      List<AuditLine> events,
      @Nullable String next,
      List<RefusedCalls> refusals) {
    public ActivityView {
      events = List.copyOf(events);
      refusals = List.copyOf(refusals);
    }

    public String usagePath() {
      return Links.to(Area.USAGE.path())
          .with("by", "user")
          .with("service", head.line().ref())
          .toString();
    }

    public String refusalsPath() {
      return Links.to(Area.AUDIT.path() + "/refusals")
          .with("service", head.line().ref())
          .toString();
    }
  }
}
