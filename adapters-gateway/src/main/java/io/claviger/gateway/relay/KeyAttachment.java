package io.claviger.gateway.relay;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.definitions.SentSettings.Place;
import io.claviger.domain.definitions.SentSettings.Sent;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds what a service sends with each request: its key, its organization, those of its settings
 * that are sent with each call, and its custom headers.
 */
final class KeyAttachment {
  private static final AsciiString AUTHORIZATION = AsciiString.cached("Authorization");
  private static final AsciiString ORGANIZATION = AsciiString.cached("OpenAI-Organization");

  private final AuthorizedCall authorized;
  private final KeyPlacement placement;
  private final boolean asBearer;
  private final SentSettings sent;

  /**
   * @param tokenAsBearer whether the caller sent the access token as {@code Authorization: Bearer}
   */
  KeyAttachment(AuthorizedCall authorized, boolean tokenAsBearer) {
    authorized.demandToken();
    this.authorized = authorized;
    this.placement = authorized.placement();
    this.sent = authorized.basis().destination().sent();
    // In some formats, SDKs send the key either in a header of its own or as a bearer token. The
    // service's placement then stands for both ways.
    boolean eitherWay =
        placement.method() == KeyMethod.CUSTOM_HEADER
            && placement.field().equals(authorized.standard().format().api().headerOrBearer());
    this.asBearer = placement.method() == KeyMethod.AUTH_BEARER || (eitherWay && tokenAsBearer);
  }

  /**
   * Whether the service sets the header with the given name, so that the caller's value is dropped.
   */
  boolean sets(CharSequence name) {
    return isKey(name)
        || isCustom(name)
        || isSent(name)
        || (authorized.organization().isPresent() && ORGANIZATION.contentEqualsIgnoreCase(name));
  }

  /**
   * Writes each header only once. The key takes precedence over custom headers, custom headers over
   * sent settings, and sent settings over all other headers.
   */
  void writeHeaders(HeadWriter head) {
    boolean isSet = isCustom(ORGANIZATION) || isSent(ORGANIZATION);
    if (authorized.organization().isPresent() && !isSet) {
      head.header(ORGANIZATION, authorized.organization().get().value());
    }
    if (!sent.isEmpty()) {
      writeSent(head);
    }
    for (CustomHeader header : authorized.headers().headers()) {
      if (!isKey(header.name().value())) {
        head.header(header.name().value(), header.value());
      }
    }
    Optional<TokenSource> token = authorized.token();
    if (token.isPresent()) {
      // The caller may have sent a header with the same name. A provider reads all headers with
      // this name.
      marks(token.get()).forEach(head::header);
    }
    if (authorized.key().isPresent()) {
      writeKey(head, authorized.key().get());
    }
  }

  private Map<String, String> marks(TokenSource token) {
    Map<String, String> ofProvider = authorized.provider().headersWithToken();
    return ofProvider.isEmpty()
        ? token.federation().map(FederationProvider::headersWithToken).orElse(Map.of())
        : ofProvider;
  }

  private boolean isKey(CharSequence name) {
    return placement.method() == KeyMethod.CUSTOM_HEADER
        && AsciiString.contentEqualsIgnoreCase(placement.field(), name);
  }

  private void writeSent(HeadWriter head) {
    for (Sent each : sent.all()) {
      if (each.place() == Place.HEADER && !isKey(each.name()) && !isCustom(each.name())) {
        head.header(each.name(), each.value());
      }
    }
  }

  /**
   * Whether the service sends a setting in a header with the given name. This method must be fast:
   * it runs for each header of each call, and most services send no settings.
   */
  private boolean isSent(CharSequence name) {
    if (sent.isEmpty()) {
      return false;
    }
    for (Sent each : sent.all()) {
      if (each.place() == Place.HEADER && AsciiString.contentEqualsIgnoreCase(each.name(), name)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCustom(CharSequence name) {
    for (CustomHeader header : authorized.headers().headers()) {
      if (AsciiString.contentEqualsIgnoreCase(header.name().value(), name)) {
        return true;
      }
    }
    return false;
  }

  private void writeKey(HeadWriter head, Secret key) {
    if (asBearer) {
      head.name(AUTHORIZATION).text("Bearer ").secret(key).endLine();
    } else if (placement.method() == KeyMethod.CUSTOM_HEADER) {
      head.header(placement.field(), key);
    }
  }

  /**
   * Appends the query. First comes the caller's query, without the parameters that are not
   * forwarded or that the service sets. The service's parameters come next. If the key is sent in
   * the query, the key comes last.
   */
  void writeQuery(HeadWriter head, String callers) {
    String passing = sent.isEmpty() ? callers : withSent(callers);
    boolean carriesKey =
        placement.method() == KeyMethod.QUERY_PARAM && authorized.key().isPresent();
    if (passing.isEmpty() && !carriesKey) {
      return;
    }
    head.text("?").text(passing);
    if (carriesKey) {
      head.text(passing.isEmpty() ? "" : "&").text(placement.field()).text("=");
      authorized.key().get().lend(bytes -> PercentEncoder.write(bytes, head::write));
    }
  }

  private String withSent(String callers) {
    List<String> pairs = new ArrayList<>();
    String left = QueryFilter.withoutAnyCase(callers, sent.names(Place.QUERY));
    if (!left.isEmpty()) {
      pairs.add(left);
    }
    for (Sent each : sent.all()) {
      if (each.place() == Place.QUERY) {
        pairs.add(each.name() + "=" + PercentEncoder.text(each.value()));
      }
    }
    return String.join("&", pairs);
  }
}
