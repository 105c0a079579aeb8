package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.routing.ModelRouting.ListedModel;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.formats.ModelListShape.Paging;
import io.claviger.domain.formats.ProviderApi;
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

/** Writes the list of the models that a caller may use, in the form and pages of the API format. */
final class ModelLists {
  private static final int MOST = 1_000;

  private final ProviderApi api;
  private final Paging paging;
  private final Map<String, List<String>> parameters;

  private ModelLists(ProviderApi api, Map<String, List<String>> parameters) {
    this.api = api;
    this.paging = api.modelList().paging();
    this.parameters = parameters;
  }

  /**
   * @throws CallRefused if the query has a parameter that the format does not have
   */
  static ModelLists of(WireFormat format, String query) {
    String passing = QueryFilter.passing(query, format.queryParameters(), name -> Optional.empty());
    return new ModelLists(format.api(), new QueryStringDecoder("?" + passing).parameters());
  }

  /**
   * @throws CallRefused if the list does not have the requested page
   */
  byte[] page(List<ListedModel> all) {
    int from = 0;
    int to = all.size();
    boolean more = false;
    if (!paging.size().isEmpty()) {
      int size = size();
      Optional<String> before = parameter(paging.before());
      if (before.isPresent()) {
        to = indexOf(all, before.get());
        from = Math.max(0, to - size);
        more = from > 0;
      } else {
        from = parameter(paging.after()).map(after -> indexOf(all, named(after)) + 1).orElse(0);
        to = Math.min(all.size(), from + size);
        more = to < all.size();
      }
    }
    List<ListedModel> page = all.subList(from, to);
    Optional<String> last = page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().name());
    return api.modelPage(
            page.stream().map(this::entry).collect(Collectors.joining(",")),
            page.stream().map(ListedModel::name).findFirst(),
            last,
            more ? Optional.of(last.map(this::token).orElse("")) : Optional.empty())
        .getBytes(UTF_8);
  }

  /** Returns the model with the given name; empty if there is none. */
  Optional<byte[]> one(List<ListedModel> all, String name) {
    return all.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .map(model -> entry(model).getBytes(UTF_8));
  }

  /**
   * Returns the model for a request whose spelling of the model's name differs from the spelling in
   * the list.
   */
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

  private String entry(ListedModel model) {
    return api.listedModel(model.name(), model.model(), model.ownedBy(), model.since());
  }

  private String token(String name) {
    return paging.isOpaque()
        ? Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(UTF_8))
        : name;
  }

  private String named(String token) {
    try {
      return paging.isOpaque() ? new String(Base64.getUrlDecoder().decode(token), UTF_8) : token;
    } catch (IllegalArgumentException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
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

  /**
   * Returns the number of models per page. The maximum is {@value #MOST}, as documented for the
   * formats, even if the request asks for more.
   */
  private int size() {
    int size;
    try {
      size = parameter(paging.size()).map(Integer::parseInt).orElse(paging.usual());
    } catch (NumberFormatException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    if (size < 0 || (size == 0 && !paging.zeroIsUsual())) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    return size == 0 ? paging.usual() : Math.min(size, MOST);
  }
}
