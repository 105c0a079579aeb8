package io.claviger.console.usage;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.usage.UsageDimension;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The usage that a page's address requests.
 *
 * @param dimension the dimension by which the usage of each day is broken down
 */
record Span(UsageFilter filter, UsageDimension dimension, Measure measure) {
  static final Set<String> FIELDS =
      Set.of("from", "to", "by", "show", "service", "user", "project", "group");

  /** The number of days that are shown if the address contains no first day. */
  private static final int USUAL_DAYS = 30;

  private static final Set<UsageDimension> STACKED =
      EnumSet.of(
          UsageDimension.SERVICE,
          UsageDimension.USER,
          UsageDimension.PROJECT,
          UsageDimension.MODEL,
          UsageDimension.ANSWERED_MODEL,
          UsageDimension.SERVICE_TIER);

  /**
   * The maximum number of days that are shown one by one. Longer spans are shown by months, so that
   * the page stays small.
   */
  private static final int MOST_DAYS = 62;

  /**
   * The maximum number of services, models or other values of the dimension that are shown
   * separately.
   */
  static final int MOST = 25;

  /** Whether the table has a line for each month; otherwise, it has a line for each day. */
  boolean byMonth() {
    LocalDate first = filter.from().orElseThrow();
    return first.plusDays(MOST_DAYS).isBefore(filter.to().orElseThrow().plusDays(1));
  }

  /** Returns the same usage, ranked by another measure. */
  Span showing(Measure other) {
    return new Span(filter, dimension, other);
  }

  UsageQuestion question() {
    return new UsageQuestion(filter, dimension, measure.ranked(), byMonth(), MOST);
  }

  static Span of(Fields fields, LocalDate today) {
    Optional<LocalDate> from = fields.optional("from", text -> Days.of("from", text));
    Optional<LocalDate> to = fields.optional("to", text -> Days.of("to", text));
    Optional<UsageDimension> wanted = fields.optional("by", Span::stacked);
    Optional<Measure> measure = fields.optional("show", Measure::of);
    Optional<Instance.Ref> service = fields.optional("service", Instance.Ref::of);
    Optional<Handle> user = fields.optional("user", Handle::new);
    Optional<Project.Ref> project = fields.optional("project", Project.Ref::of);
    Optional<Handle> group = fields.optional("group", GranteeName::groupHandle);
    LocalDate last = to.orElse(today);
    LocalDate first = from.orElseGet(() -> last.minusDays(USUAL_DAYS - 1L));
    return fields.check(
        () ->
            new Span(
                new UsageFilter(
                    service, user, project, Optional.of(first), Optional.of(last), group),
                wanted.orElse(UsageDimension.SERVICE),
                measure.orElse(Measure.REQUESTS)));
  }

  private static UsageDimension stacked(String text) {
    UsageDimension dimension = UsageDimension.of(text);
    if (!STACKED.contains(dimension)) {
      throw new InvalidValue("by", "service, user, project, model, answered_model or service_tier");
    }
    return dimension;
  }
}
