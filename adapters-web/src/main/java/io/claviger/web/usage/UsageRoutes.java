package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.ReportedUsage;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Csv;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code /v1/usage}, and the same usage for one month as a file. */
public final class UsageRoutes implements RouteGroup {
  private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

  private final UsageReports reports;

  public UsageRoutes(UsageReports reports) {
    this.reports = reports;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/usage")
        .get(
            this::list,
            "by",
            "service",
            "user",
            "project",
            "group",
            "from",
            "to",
            "month",
            "limit",
            "cursor");
    routes.at("/v1/usage/focus").get(this::focus, "month", "service", "group", "project");
  }

  private void focus(ApiCall call) {
    Query query = call.query();
    YearMonth month =
        query.value("month", UsageRoutes::month).orElseGet(() -> YearMonth.now(ZoneOffset.UTC));
    UsageFilter filter =
        new UsageFilter(
            query.value("service", Instance.Ref::of),
            Optional.empty(),
            query.value("project", Project.Ref::of),
            Optional.of(month.atDay(1)),
            Optional.of(month.atEndOfMonth()),
            query.value("group", GranteeName::groupHandle));
    call.file(
        "focus-" + month + ".csv", Csv.MEDIA_TYPE, FocusFile.of(reports, call.actor(), filter));
  }

  private void list(ApiCall call) {
    Query query = call.query();
    Optional<LocalDate> from = query.value("from", Times.dayOf("from"));
    Optional<LocalDate> to = query.value("to", Times.dayOf("to"));
    Optional<YearMonth> month = query.value("month", UsageRoutes::month);
    if (month.isPresent() && (from.isPresent() || to.isPresent())) {
      throw new InvalidValue("month", "given without from and to");
    }
    UsageFilter filter =
        new UsageFilter(
            query.value("service", Instance.Ref::of),
            query.value("user", Handle::new),
            query.value("project", Project.Ref::of),
            month.map(m -> m.atDay(1)).or(() -> from),
            month.map(YearMonth::atEndOfMonth).or(() -> to),
            query.value("group", GranteeName::groupHandle));
    Optional<Set<UsageDimension>> wanted = query.value("by", UsageRoutes::dimensions);
    if (wanted.isPresent()) {
      sums(call, filter, wanted.get());
      return;
    }
    PageRequest<UsagePosition> page = call.page(UsagePositions.POSITION);
    call.list(
        Problems.valueOf(reports.list(call.actor(), filter, page)),
        UsagePositions.POSITION,
        UsageJson::of,
        known(filter));
  }

  private void sums(ApiCall call, UsageFilter filter, Set<UsageDimension> dimensions) {
    CursorFormat<List<String>> position = positions(dimensions);
    PageRequest<List<String>> page = call.page(position);
    call.list(
        Problems.valueOf(reports.sums(call.actor(), filter, dimensions, page)),
        position,
        UsageSumJson::of,
        known(filter));
  }

  /**
   * Returns the time since which Claviger has recorded who belongs to a group; empty if the request
   * names no group.
   */
  private Map<String, ?> known(UsageFilter filter) {
    return filter.group().isPresent()
        ? Map.of("known_since", reports.membershipsKnownSince())
        : Map.of();
  }

  /**
   * The position in a list of sums. For each dimension, the position contains the value of the last
   * sum, as a text.
   */
  private static CursorFormat<List<String>> positions(Set<UsageDimension> dimensions) {
    return CursorFormat.texts(
        dimensions.size(),
        at -> dimensions.contains(UsageDimension.DAY) ? Times.day(at.getFirst()) : at);
  }

  private static YearMonth month(String text) {
    if (!MONTH.matcher(text).matches()) {
      throw new InvalidValue("month", "a month, such as 2026-01");
    }
    return YearMonth.parse(text);
  }

  private static Set<UsageDimension> dimensions(String text) {
    Set<UsageDimension> dimensions = EnumSet.noneOf(UsageDimension.class);
    for (String name : text.split(",", -1)) {
      if (!dimensions.add(UsageDimension.of(name))) {
        throw new InvalidValue("by", "each of these once");
      }
    }
    return dimensions;
  }

  /**
   * The sum of all usage with the same values in some dimensions.
   *
   * @param of the value of each shown dimension
   */
  record UsageSumJson(
      @JsonAnyGetter Map<String, Optional<String>> of, @JsonUnwrapped UsageCountsJson counts) {

    static UsageSumJson of(UsageSum sum) {
      Map<String, Optional<String>> of = new LinkedHashMap<>();
      sum.of().forEach((dimension, value) -> of.put(field(dimension), known(value)));
      return new UsageSumJson(of, UsageCountsJson.of(sum.counts()));
    }

    private static String field(UsageDimension dimension) {
      return dimension == UsageDimension.SOURCE ? "key_source" : dimension.wireName();
    }
  }

  private static Optional<String> known(String text) {
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  /** The usage of one account with one model on one day, at one price. */
  record UsageJson(
      String day,
      String user,
      String service,
      Optional<String> project,
      Optional<String> keySource,
      Optional<String> model,
      Optional<String> answeredModel,
      Optional<String> serviceTier,
      Optional<Long> priceVersion,
      @JsonUnwrapped UsageCountsJson counts) {

    static UsageJson of(ReportedUsage row) {
      UsageAccount account = row.account();
      return new UsageJson(
          row.day().toString(),
          account.handle().value(),
          account.ref().toString(),
          account.project().map(p -> p.ref().toString()),
          row.source().map(KeySource::wireName),
          known(row.model().called().name()),
          known(row.model().answered().name()),
          known(row.model().unusualTier()),
          Optional.of(row.prices().forService()).filter(version -> version > 0),
          UsageCountsJson.of(row.counts()));
    }
  }

  /**
   * Writes and reads a position in the list of usage: the day, the ids, the source, the prices and
   * the model, in this order.
   */
  private static final class UsagePositions {
    static final CursorFormat<UsagePosition> POSITION =
        new CursorFormat<>(UsagePositions::write, UsagePositions::read);

    private static final int PARTS = 8;

    private UsagePositions() {}

    private static String write(UsagePosition at) {
      return String.join(
          " ",
          at.day().toString(),
          at.user().toString(),
          at.service().toString(),
          at.project().toString(),
          at.source().wireName(),
          Long.toString(at.prices().forService()),
          Long.toString(at.prices().forCallers()),
          at.model().key());
    }

    private static UsagePosition read(String text) {
      String[] parts = text.split(" ", PARTS);
      if (parts.length != PARTS) {
        throw CursorFormat.notOfThisList();
      }
      try {
        return new UsagePosition(
            Times.day(parts[0]),
            UUID.fromString(parts[1]),
            UUID.fromString(parts[2]),
            UUID.fromString(parts[3]),
            source(parts[4]),
            CountedModel.ofKey(parts[7]),
            new PriceVersions(Long.parseLong(parts[5]), Long.parseLong(parts[6])));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw CursorFormat.notOfThisList();
      }
    }

    private static KeySource source(String text) {
      return Arrays.stream(KeySource.values())
          .filter(source -> source.wireName().equals(text))
          .findFirst()
          .orElseThrow(CursorFormat::notOfThisList);
    }
  }
}
