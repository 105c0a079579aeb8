package io.claviger.web.served;

import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Calls the API with one access token, or none. Every answer is held to the contract. */
public final class Client {
  private static final ContractChecker CONTRACT = ContractChecker.load();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int port;
  private final Optional<String> token;
  private final List<String> headers;
  private final boolean knownToContract;

  Client(int port, Optional<String> token) {
    this(port, token, List.of(), true);
  }

  private Client(int port, Optional<String> token, List<String> headers, boolean knownToContract) {
    this.port = port;
    this.token = token;
    this.headers = headers;
    this.knownToContract = knownToContract;
  }

  /** The same caller with one more header. */
  public Client with(String header, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    more.add(value);
    return new Client(port, token, List.copyOf(more), knownToContract);
  }

  /**
   * For what is no operation of the contract; its answers must still be problems as it has them.
   */
  public Client offContract() {
    return new Client(port, token, headers, false);
  }

  public Reply get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  public Reply delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  public Reply put(String path, Object json) {
    return json("PUT", path, json);
  }

  public Reply post(String path, Object json) {
    return json("POST", path, json);
  }

  /** With no body at all. */
  public Reply post(String path) {
    return send("POST", path, BodyPublishers.noBody());
  }

  public Reply patch(String path, Object json) {
    return json("PATCH", path, json);
  }

  /**
   * @param json a JSON text as it is, or what becomes one
   */
  public Reply json(String method, String path, Object json) {
    String text = json instanceof String given ? given : JSON.writeValueAsString(json);
    return with("Content-Type", "application/json")
        .send(method, path, BodyPublishers.ofString(text));
  }

  public Reply send(String method, String path, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    return checked(send(request.build()));
  }

  private Reply checked(HttpResponse<String> response) {
    Exchange exchange = Exchange.of(response);
    if (knownToContract) {
      CONTRACT.check(exchange);
    } else if (response.statusCode() >= 400) {
      CONTRACT.checkProblem(exchange);
    }
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
