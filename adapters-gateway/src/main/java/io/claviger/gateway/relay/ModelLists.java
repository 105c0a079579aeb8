package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.routing.ModelRouting.ListedModel;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.QueryFilter;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes the list of models that a caller may use, in the shape and pages of a format. */
final class ModelLists {
  private static final int MOST = 1_000;

  private final WireFormat format;
  private final Map<String, List<String>> parameters;

  private ModelLists(WireFormat format, Map<String, List<String>> parameters) {
    this.format = format;
    this.parameters = parameters;
  }

  /**
   * @throws CallRefused when a parameter is none of the format's
   */
  static ModelLists of(WireFormat format, String query) {
    String passing = QueryFilter.passing(query, format.queryParameters());
    return new ModelLists(format, new QueryStringDecoder("?" + passing).parameters());
  }

  /** A part of a list. */
  private record Page(List<ListedModel> models, boolean more) {
    Optional<String> last() {
      return models.isEmpty() ? Optional.empty() : Optional.of(models.getLast().name());
    }
  }

  /**
   * @throws CallRefused when the page that is asked for is none of this list
   */
  byte[] page(List<ListedModel> all) {
    String json =
        switch (format) {
          case ANTHROPIC -> anthropic(anthropicPage(all));
          case GEMINI -> gemini(following(all, "pageSize", 50, "pageToken"));
          case COHERE -> cohere(following(all, "page_size", 20, "page_token"));
          default -> "{\"object\":\"list\",\"data\":[%s]}".formatted(entries(all));
        };
    return json.getBytes(UTF_8);
  }

  /** Returns the model of this name; empty if none has it. */
  Optional<byte[]> one(List<ListedModel> all, String name) {
    return all.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .map(model -> entry(model).getBytes(UTF_8));
  }

  /** Returns the model to which another spelling leads. */
  byte[] one(List<ListedModel> all, String name, RoutedTarget target) {
    Optional<ListedModel> listed =
        all.stream().filter(model -> model.model().equals(target.model())).findFirst();
    return entry(
            new ListedModel(
                name,
                target.model(),
                listed.map(ListedModel::ownedBy).orElse(target.model()),
                listed.map(ListedModel::since).orElse(Instant.EPOCH)))
        .getBytes(UTF_8);
  }

  private String entries(List<ListedModel> models) {
    return models.stream().map(this::entry).collect(Collectors.joining(","));
  }

  private String entry(ListedModel model) {
    String name = quoted(model.name());
    return switch (format) {
      case ANTHROPIC ->
          "{\"type\":\"model\",\"id\":%s,\"display_name\":%s,\"created_at\":%s}"
              .formatted(name, name, quoted(model.since().toString()));
      case GEMINI ->
          "{\"name\":%s,\"version\":\"\",\"displayName\":%s,\"description\":%s,\"supportedGenerationMethods\":%s}"
              .formatted(
                  quoted("models/" + model.name()),
                  name,
                  quoted(model.ownedBy()),
                  "[\"generateContent\",\"countTokens\",\"embedContent\"]");
      case COHERE ->
          "{\"name\":%s,\"endpoints\":[\"chat\",\"embed\",\"rerank\"],\"finetuned\":false}"
              .formatted(name);
      default ->
          "{\"id\":%s,\"object\":\"model\",\"created\":%d,\"owned_by\":%s}"
              .formatted(name, model.since().getEpochSecond(), quoted(model.ownedBy()));
    };
  }

  private String anthropic(Page page) {
    List<ListedModel> models = page.models();
    return "{\"data\":[%s],\"has_more\":%s,\"first_id\":%s,\"last_id\":%s}"
        .formatted(
            entries(models),
            page.more(),
            models.isEmpty() ? "null" : quoted(models.getFirst().name()),
            page.last().map(ModelLists::quoted).orElse("null"));
  }

  private String gemini(Page page) {
    return "{\"models\":[%s]%s}".formatted(entries(page.models()), token(page, "nextPageToken"));
  }

  private String cohere(Page page) {
    return "{\"models\":[%s]%s}".formatted(entries(page.models()), token(page, "next_page_token"));
  }

  private static String token(Page page, String field) {
    return page.more()
        ? ",\"%s\":\"%s\""
            .formatted(
                field,
                Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(page.last().orElse("").getBytes(UTF_8)))
        : "";
  }

  private Page anthropicPage(List<ListedModel> all) {
    int limit = size("limit", 20);
    Optional<String> before = parameter("before_id");
    if (before.isPresent()) {
      int to = indexOf(all, before.get());
      int from = Math.max(0, to - limit);
      return new Page(all.subList(from, to), from > 0);
    }
    return page(all, parameter("after_id").map(id -> indexOf(all, id) + 1).orElse(0), limit);
  }

  private Page following(List<ListedModel> all, String sizeName, int usual, String tokenName) {
    int from = parameter(tokenName).map(token -> indexOf(all, named(token)) + 1).orElse(0);
    return page(all, from, size(sizeName, usual));
  }

  private static String named(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
  }

  private static Page page(List<ListedModel> all, int from, int size) {
    int to = Math.min(all.size(), from + size);
    return new Page(all.subList(from, to), to < all.size());
  }

  private static int indexOf(List<ListedModel> all, String name) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new CallRefused(CallError.BAD_PAGE);
  }

  private Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(List::getFirst)
        .filter(value -> !value.isEmpty());
  }

  /** At most {@value #MOST}, as the formats have it, even where more is asked for. */
  private int size(String name, int usual) {
    int size;
    try {
      size = parameter(name).map(Integer::parseInt).orElse(usual);
    } catch (NumberFormatException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    if (size < 0 || (size == 0 && format != WireFormat.GEMINI)) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    return size == 0 ? usual : Math.min(size, MOST);
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }
}
