package io.claviger.console.providers;

import io.claviger.application.providers.Providers;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fact;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.EndpointTemplate;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.definitions.ProviderContent.Trait;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The list of providers, and a page for each provider. Only administrators can define, change and
 * delete providers.
 */
public final class ProviderListPages implements ConsolePage {
  static final String PATH = "/console/providers";

  private static final String HANDLE = "handle";
  private static final String FORMAT = "format";
  private static final String API_STANDARD = "api_standard";
  private static final String ENDPOINT = "endpoint";
  private static final String SETTINGS = "settings";
  private static final String PRICE_LIST = "price_list";
  private static final String LIMITS = "limits";
  private static final String ADDS = "adds";
  private static final String TRAITS = "traits";
  private static final Set<String> SENT =
      Set.of(
          HANDLE,
          FORMAT,
          API_STANDARD,
          ENDPOINT,
          SETTINGS,
          PRICE_LIST,
          LIMITS,
          ADDS,
          TRAITS,
          Versions.FIELD);

  private final Providers providers;
  private final Views views;

  public ProviderListPages(Providers providers, Views views) {
    this.providers = providers;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::list, this::define);
    visitors.addPage(
        routes,
        PATH + "/{handle}",
        visit -> show(visit, EditForm.of(stored(find(visit)))),
        this::change);
    routes.pageAt(PATH + "/{handle}/delete").openPost(visitors.signedIn(this::delete));
  }

  private void define(Visit visit) {
    Submission.of(
        visit,
        SENT,
        form -> {
          Fields fields = new Fields(form);
          Optional<Handle> handle =
              fields.required(
                  HANDLE, "Name the provider. Services refer to it by this name.", Handle::new);
          return save(visit, handle, Precondition.CREATE_ONLY, fields);
        },
        (problem, sent) -> list(visit, problem.status(), taken(problem, sent)));
  }

  private static FormState taken(Problem problem, FormState sent) {
    return problem.status() == 412
        ? sent.with(HANDLE, "There is a provider of this name.")
        : sent.with(problem);
  }

  private void change(Visit visit) {
    Submission.of(
        visit,
        SENT,
        form ->
            save(visit, Optional.of(handle(visit)), Versions.demandedBy(form), new Fields(form)),
        (problem, sent) ->
            show(visit, EditForm.refused(problem, sent, "provider", stored(find(visit)))));
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(
              providers.delete(visit.signedIn().actor(), handle(visit), Versions.demandedBy(form)));
          return PATH;
        },
        (problem, sent) ->
            show(
                visit,
                EditForm.refused(
                    problem, FormState.of(stored(find(visit))), "provider", stored(find(visit)))));
  }

  private String save(
      Visit visit, Optional<Handle> handle, Precondition precondition, Fields fields) {
    Optional<WireFormat> format =
        fields.required(FORMAT, "Choose the format of the provider's API.", WireFormat::of);
    Optional<Handle> standard = fields.optional(API_STANDARD, Handle::new);
    Optional<String> endpoint =
        fields.optional(
            ENDPOINT, text -> EndpointTemplate.isMeant(text) ? text : Endpoint.of(text).url());
    List<EndpointTemplate.Setting> settings =
        fields.optional(SETTINGS, text -> lines(text, ProviderContent::setting)).orElse(List.of());
    Optional<Optional<EndpointTemplate>> template =
        fields.made(ENDPOINT, () -> ProviderContent.template(endpoint, settings));
    Optional<String> priceList = fields.optional(PRICE_LIST, text -> text);
    LimitHeaders limits =
        fields
            .optional(
                LIMITS,
                text ->
                    ProviderContent.permitted(new LimitHeaders(lines(text, ProviderContent::row))))
            .orElse(LimitHeaders.NONE);
    Set<CallerField> adds =
        fields.optional(ADDS, text -> words(text, ProviderContent::added)).orElse(Set.of());
    Set<Trait> traits = fields.optional(TRAITS, text -> words(text, Trait::of)).orElse(Set.of());
    Providers.SavedProvider saved =
        Problems.valueOf(
            fields.check(
                () ->
                    providers.save(
                        visit.signedIn().actor(),
                        handle.orElseThrow(),
                        precondition,
                        new ProviderContent(
                            format.orElseThrow(),
                            standard,
                            ProviderContent.plain(endpoint, settings),
                            template.orElseThrow(),
                            priceList,
                            limits,
                            adds,
                            traits))));
    return PATH + "/" + saved.provider().handle().value();
  }

  private static <T> List<T> lines(String text, Function<String, T> read) {
    return text.lines()
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .filter(line -> !line.isEmpty())
        .map(read)
        .toList();
  }

  private static <T> Set<T> words(String text, Function<String, T> read) {
    return Arrays.stream(text.split("[\\s,]+", -1))
        .filter(word -> !word.isEmpty())
        .map(read)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Handle handle(Visit visit) {
    return new Handle(visit.pathParam(HANDLE));
  }

  private static boolean mayChange(Visit visit) {
    Actor actor = visit.signedIn().actor();
    return actor.administrator() && actor.mayManage();
  }

  private ListedProvider find(Visit visit) {
    return Problems.valueOf(providers.find(visit.signedIn().actor(), handle(visit)));
  }

  private void list(Visit visit, int status, FormState form) {
    Page<ListedProvider, Handle> page =
        providers.list(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.HANDLE));
    views.show(
        visit,
        status,
        Area.MODELS,
        "Providers",
        "providers",
        new ProvidersView(
            page.items().stream().map(ProviderListPages::line).toList(),
            Paging.next(page, CursorFormat.HANDLE, Links.to(PATH)),
            mayChange(visit),
            form));
  }

  private void show(Visit visit, EditForm change) {
    ListedProvider provider = find(visit);
    String name = provider.handle().value();
    views.show(
        visit,
        change.status(),
        Area.MODELS,
        "Provider " + name,
        "provider",
        new ProviderView(
            PATH + "/" + name, facts(provider), mayChange(visit), provider.isDefined(), change));
  }

  private static Map<String, String> stored(ListedProvider listed) {
    ProviderContent content = listed.provider().content();
    Map<String, String> stored = new TreeMap<>();
    stored.put(FORMAT, content.format().wireName());
    stored.put(API_STANDARD, listed.provider().defaultStandard().value());
    stored.put(ENDPOINT, endpoint(content).orElse(""));
    stored.put(
        SETTINGS,
        content.template().stream()
            .flatMap(template -> template.settings().stream())
            .map(ProviderContent::line)
            .collect(Collectors.joining("\n")));
    stored.put(PRICE_LIST, content.priceList().orElse(""));
    stored.put(
        LIMITS,
        content.limits().rows().stream()
            .map(ProviderContent::line)
            .collect(Collectors.joining("\n")));
    stored.put(ADDS, joined(content.adds().stream().map(ProviderContent::added)));
    stored.put(TRAITS, joined(content.traits().stream().map(Trait::wireName)));
    stored.put(Versions.FIELD, Long.toString(listed.version()));
    return stored;
  }

  private static ProvidersView.Line line(ListedProvider listed) {
    ProviderContent content = listed.provider().content();
    String name = listed.provider().wireName();
    return new ProvidersView.Line(
        name,
        PATH + "/" + name,
        content.format().wireName(),
        endpoint(content).orElse(null),
        listed.isDefined());
  }

  private static Optional<String> endpoint(ProviderContent content) {
    return content.endpoint().map(Endpoint::url).or(() -> content.template().map(t -> t.text()));
  }

  private static List<Fact> facts(ListedProvider listed) {
    ProviderContent content = listed.provider().content();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Format", content.format().wireName()));
    facts.add(new Fact("API standard", listed.provider().defaultStandard().value()));
    facts.add(new Fact("Endpoint", endpoint(content).orElse("each service states its own")));
    content.template().stream()
        .flatMap(template -> template.settings().stream())
        .forEach(setting -> facts.add(new Fact("Setting " + setting.name(), words(setting))));
    content.priceList().ifPresent(name -> facts.add(new Fact("Name in lists of prices", name)));
    content.limits().rows().forEach(row -> facts.add(new Fact("Limit", ProviderContent.line(row))));
    add(facts, "Fields that may be added", content.adds().stream().map(ProviderContent::added));
    add(facts, "Traits", content.traits().stream().map(Trait::wireName));
    if (listed.isDefined()) {
      facts.add(new Fact("Defined", listed.createdAt().toString(), true));
      facts.add(new Fact("Changed", listed.updatedAt().toString(), true));
    }
    return facts;
  }

  /** Returns a text that says which values a setting may have, and where these values are sent. */
  public static String words(EndpointTemplate.Setting setting) {
    String where =
        setting.as().map(name -> ", sent as " + setting.kind().wireName() + " " + name).orElse("");
    return "1 to %d characters %s%s%s"
        .formatted(
            setting.longest(),
            setting.kind().words(),
            setting.pattern().map(pattern -> " that match " + pattern).orElse(""),
            where);
  }

  private static void add(List<Fact> facts, String term, Stream<String> names) {
    String all = joined(names);
    if (!all.isEmpty()) {
      facts.add(new Fact(term, all));
    }
  }

  private static String joined(Stream<String> names) {
    return names.sorted().collect(Collectors.joining(", "));
  }

  /**
   * One page of the list of providers.
   *
   * @param next the address of the next page; null on the last page
   * @param mayChange whether the viewer may define providers
   */
  public record ProvidersView(
      List<Line> lines, @Nullable String next, boolean mayChange, FormState form) {
    public ProvidersView {
      lines = List.copyOf(lines);
    }

    /**
     * A provider, as the list shows it.
     *
     * @param endpoint the default endpoint of the provider; null if each service has to state its
     *     own endpoint
     * @param isDefined whether an administrator defined the provider
     */
    public record Line(
        String name, String path, String format, @Nullable String endpoint, boolean isDefined) {}
  }

  /**
   * One provider.
   *
   * @param path the path to which the form is sent
   * @param mayChange whether the viewer may define the provider, or change its definition
   * @param isDefined whether an administrator defined the provider already; a deletion then removes
   *     that definition
   */
  public record ProviderView(
      String path, List<Fact> facts, boolean mayChange, boolean isDefined, EditForm change) {
    public ProviderView {
      facts = List.copyOf(facts);
    }
  }

  /** Returns the formats that the user can choose. */
  public static List<String> formats() {
    return WireNamed.names(WireFormat.values());
  }
}
