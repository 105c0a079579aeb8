package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A service for tests. Each authorized call for it is a new one with its own secrets. */
public record TestService(
    String endpoint,
    WireFormat format,
    KeyPlacement placement,
    @Nullable String key,
    Map<String, String> headers,
    @Nullable String organization,
    int timeoutMillis,
    boolean systemLevel,
    List<String> moreRequestHeaders,
    List<String> moreResponseHeaders,
    KeySource source) {

  public static final String KEY = "sk-stub-Zx81/q\"7\\w-ending";

  public static TestService at(String endpoint, WireFormat format) {
    KeyPlacement placement =
        switch (format) {
          case OPENAI, COHERE, OLLAMA -> KeyPlacement.BEARER;
          case GEMINI -> new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-goog-api-key");
          case ANTHROPIC -> new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-api-key");
        };
    return new TestService(
        endpoint,
        format,
        placement,
        KEY,
        Map.of(),
        null,
        10_000,
        true,
        List.of(),
        List.of(),
        KeySource.CENTRAL);
  }

  public TestService placed(KeyMethod method, String field) {
    return new TestService(
        endpoint,
        format,
        new KeyPlacement(method, field),
        key,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        source);
  }

  public TestService keyless() {
    return new TestService(
        endpoint,
        format,
        KeyPlacement.NONE,
        null,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        KeySource.KEYLESS);
  }

  public TestService key(String other) {
    return new TestService(
        endpoint,
        format,
        placement,
        other,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        source);
  }

  public TestService header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        more,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        source);
  }

  public TestService organization(String other) {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        other,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        source);
  }

  public TestService timeout(int millis) {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        organization,
        millis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        source);
  }

  /** The same with a key from elsewhere. */
  public TestService from(KeySource other) {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        moreResponseHeaders,
        other);
  }

  /** A user's own service, which may not reach private addresses. */
  public TestService ofUser() {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        organization,
        timeoutMillis,
        false,
        moreRequestHeaders,
        moreResponseHeaders,
        KeySource.USER);
  }

  public TestService passing(String... requestHeaders) {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        List.of(requestHeaders),
        moreResponseHeaders,
        source);
  }

  public TestService answering(String... responseHeaders) {
    return new TestService(
        endpoint,
        format,
        placement,
        key,
        headers,
        organization,
        timeoutMillis,
        systemLevel,
        moreRequestHeaders,
        List.of(responseHeaders),
        source);
  }

  public AuthorizedCall passage(String service) {
    List<RequestHeader> listed = new ArrayList<>(format.requestHeaders());
    moreRequestHeaders.forEach(h -> listed.add(new RequestHeader(h)));
    List<ResponseHeader> back = new ArrayList<>(format.responseHeaders());
    moreResponseHeaders.forEach(h -> back.add(new ResponseHeader(h)));
    return new AuthorizedCall(
        service,
        Endpoint.of(endpoint),
        new CallableStandard(
            new Handle("standard"),
            format,
            placement,
            format.operations(),
            listed,
            back,
            format.queryParameters()),
        source,
        Optional.ofNullable(key).map(k -> Secret.apiKey(k.getBytes(US_ASCII))),
        new CustomHeaders(
            headers.entrySet().stream()
                .map(
                    h ->
                        CustomHeader.of(
                            new HeaderName(h.getKey()), h.getValue().getBytes(US_ASCII)))
                .toList()),
        Optional.ofNullable(organization).map(Organization::new),
        new Timeout(timeoutMillis),
        systemLevel,
        Optional.empty(),
        new AuthorizedCall.AuthorizationBasis(
            account(InstanceRef.of(service)),
            source,
            new Destination(Endpoint.of(endpoint), placement),
            Optional.empty(),
            new Handle("openai"),
            Optional.empty(),
            0,
            Optional.empty()));
  }

  private static UsageAccount account(InstanceRef service) {
    return new UsageAccount(
        new UserId(new UUID(0, 1)),
        new Handle("caller"),
        new InstanceId(new UUID(0, 2)),
        service,
        new UserId(new UUID(0, 3)),
        Optional.empty());
  }
}
