package io.claviger.web.standards;

import io.claviger.application.providers.Providers;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.EndpointTemplate;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.definitions.ProviderContent.Trait;
import io.claviger.domain.definitions.SettingPattern;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code /v1/providers}: the list of providers, which administrators maintain. */
public final class ProviderRoutes implements RouteGroup {
  private static final List<String> READ_ONLY = List.of("name", "defined");

  private static final String EACH_SETTING = "Each setting must have this field.";

  private final Providers providers;

  public ProviderRoutes(Providers providers) {
    this.providers = providers;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/providers").get(this::list, "limit", "cursor");
    routes.at("/v1/providers/{handle}").get(this::show).put(this::save).delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        providers.list(call.actor(), call.page(CursorFormat.HANDLE)),
        CursorFormat.HANDLE,
        ProviderJson::of);
  }

  private void show(ApiCall call) {
    ListedProvider provider = Problems.valueOf(providers.find(call.actor(), call.handle("handle")));
    call.shown(ProviderJson.of(provider), provider.version());
  }

  private void save(ApiCall call) {
    Handle handle = call.newHandle("handle");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<ProviderContent> content = content(fields);
      Precondition precondition = call.done(fields, READ_ONLY, () -> current(call.actor(), handle));
      Providers.SavedProvider saved =
          Problems.valueOf(providers.save(call.actor(), handle, precondition, content.get()));
      call.written(saved.created(), ProviderJson.of(saved.provider()));
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    return CurrentState.of(
        providers.find(actor, handle),
        ProviderJson::of,
        ListedProvider::version,
        Map.of("name", handle.value()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        providers.delete(call.actor(), call.handle("handle"), call.precondition()));
    call.noContent();
  }

  private static Supplier<ProviderContent> content(JsonObject fields) {
    Field<WireFormat> format =
        fields.required(
            "format",
            JsonConverter.text(WireFormat::of),
            "State the format of the provider's API.");
    Field<Handle> apiStandard = fields.nullable("api_standard", JsonConverter.text(Handle::new));
    Field<String> endpoint =
        fields.nullable("endpoint", JsonConverter.text(ProviderRoutes::endpoint));
    Field<List<EndpointTemplate.Setting>> settings =
        fields.value(
            "settings", JsonConverter.listOf(JsonConverter.object(ProviderRoutes::setting)));
    Field<String> priceList = fields.nullable("price_list", JsonConverter.text(name -> name));
    Field<LimitHeaders> limits =
        fields.value(
            "limits",
            JsonConverter.listOf(JsonConverter.object(ProviderRoutes::limit))
                .then(LimitHeaders::new)
                .then(ProviderContent::permitted));
    Field<List<CallerField>> adds =
        fields.value("adds", JsonConverter.listOf(JsonConverter.text(ProviderContent::added)));
    Field<List<Trait>> traits =
        fields.value("traits", JsonConverter.listOf(JsonConverter.text(Trait::of)));
    return () ->
        new ProviderContent(
            format.given().orElseThrow(),
            apiStandard.given(),
            ProviderContent.plain(endpoint.given(), settings.or(List.of())),
            ProviderContent.template(endpoint.given(), settings.or(List.of())),
            priceList.given(),
            limits.or(LimitHeaders.NONE),
            Set.copyOf(adds.or(List.of())),
            Set.copyOf(traits.or(List.of())));
  }

  /**
   * Reads an endpoint. An endpoint with placeholders for settings is not checked here, but together
   * with the settings.
   */
  private static String endpoint(String text) {
    return EndpointTemplate.isMeant(text) ? text : Endpoint.of(text).url();
  }

  private static Optional<EndpointTemplate.Setting> setting(JsonObject fields) {
    Field<String> name = fields.required("name", JsonConverter.text(n -> n), EACH_SETTING);
    Field<EndpointTemplate.Kind> kind =
        fields.required("kind", JsonConverter.text(EndpointTemplate.Kind::of), EACH_SETTING);
    Field<Integer> longest =
        fields.required("longest", JsonConverter.wholeNumber(n -> n), EACH_SETTING);
    Field<String> as = fields.nullable("as", JsonConverter.text(n -> n));
    Field<SettingPattern> pattern =
        fields.nullable("pattern", JsonConverter.text(SettingPattern::new));
    fields.recordUnknownFields();
    return Stream.of(name, kind, longest).allMatch(field -> field.given().isPresent())
        ? fields
            .location()
            .attempt(
                () ->
                    new EndpointTemplate.Setting(
                        name.given().orElseThrow(),
                        kind.given().orElseThrow(),
                        longest.given().orElseThrow(),
                        as.given(),
                        pattern.given()))
        : Optional.empty();
  }

  private static Optional<LimitHeaders.Row> limit(JsonObject fields) {
    Field<PaceLimit> limit = part(fields, "limit", ProviderContent::limit);
    Field<LimitHeaders.Window> window = part(fields, "window", ProviderContent::window);
    Field<LimitHeaders.Notation> notation = part(fields, "notation", ProviderContent::notation);
    Field<String> most = part(fields, "most", name -> name);
    Field<String> remaining = part(fields, "remaining", name -> name);
    Field<String> reset = part(fields, "reset", name -> name);
    fields.recordUnknownFields();
    return Stream.of(limit, window, notation, most, remaining, reset)
            .allMatch(field -> field.given().isPresent())
        ? Optional.of(
            new LimitHeaders.Row(
                limit.given().orElseThrow(),
                window.given().orElseThrow(),
                notation.given().orElseThrow(),
                most.given().orElseThrow(),
                remaining.given().orElseThrow(),
                reset.given().orElseThrow()))
        : Optional.empty();
  }

  private static <T> Field<T> part(JsonObject fields, String name, Function<String, T> make) {
    return fields.required(name, JsonConverter.text(make), "Each limit must have this field.");
  }

  record LimitJson(
      String limit, String window, String notation, String most, String remaining, String reset) {
    static LimitJson of(LimitHeaders.Row row) {
      return new LimitJson(
          row.limit().wireName(),
          row.window().wireName(),
          row.notation().wireName(),
          row.most(),
          row.remaining(),
          row.reset());
    }
  }

  record SettingJson(
      String name, String kind, int longest, Optional<String> as, Optional<String> pattern) {
    static SettingJson of(EndpointTemplate.Setting setting) {
      return new SettingJson(
          setting.name(),
          setting.kind().wireName(),
          setting.longest(),
          setting.as(),
          setting.pattern().map(SettingPattern::text));
    }
  }

  record ProviderJson(
      String name,
      boolean defined,
      String format,
      String apiStandard,
      Optional<String> endpoint,
      List<SettingJson> settings,
      Optional<String> priceList,
      List<LimitJson> limits,
      List<String> adds,
      List<String> traits,
      long version,
      Instant createdAt,
      Instant updatedAt) {
    static ProviderJson of(ListedProvider listed) {
      ProviderContent content = listed.provider().content();
      return new ProviderJson(
          listed.provider().wireName(),
          listed.isDefined(),
          content.format().wireName(),
          listed.provider().defaultStandard().value(),
          content
              .endpoint()
              .map(Endpoint::url)
              .or(() -> content.template().map(EndpointTemplate::text)),
          content.template().stream()
              .flatMap(template -> template.settings().stream())
              .map(SettingJson::of)
              .toList(),
          content.priceList(),
          content.limits().rows().stream().map(LimitJson::of).toList(),
          content.adds().stream().map(ProviderContent::added).sorted().toList(),
          content.traits().stream().map(Trait::wireName).sorted().toList(),
          listed.version(),
          listed.createdAt(),
          listed.updatedAt());
    }
  }
}
