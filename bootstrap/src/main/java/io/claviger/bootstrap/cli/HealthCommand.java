package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.TlsSettings;
import io.claviger.bootstrap.tls.OwnTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "health",
    description =
        "Ask the local node whether it is ready (exit code 0), for container health checks.")
final class HealthCommand implements Callable<Integer> {
  /**
   * The maximum time to wait for the answer. This time is longer than the five seconds that a node
   * needs to answer if its database does not answer.
   */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  HealthCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.from(environment);
    URI ready = settings.listeners().url(settings.listeners().port()).resolve("/health/ready");
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE);
    if (settings.listeners().tls().isPresent()) {
      client.sslContext(OwnTls.context());
    }
    try (HttpClient http = client.build()) {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(PATIENCE).build();
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status == 200) {
        spec.commandLine().getOut().println("ready");
        return ExitCode.DONE;
      }
      return tell(ready + " answers " + status);
    } catch (SSLException e) {
      if (settings.listeners().tls().flatMap(TlsSettings::clientAuthorities).isPresent()) {
        spec.commandLine().getOut().println("listening; it demands a certificate of this command");
        return ExitCode.DONE;
      }
      return tell("no TLS at " + ready);
    } catch (IOException e) {
      return tell("no answer from " + ready);
    }
  }

  private int tell(String fault) {
    spec.commandLine().getErr().println("claviger: " + fault);
    return ExitCode.FAILED;
  }
}
