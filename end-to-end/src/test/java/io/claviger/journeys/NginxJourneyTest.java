package io.claviger.journeys;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class NginxJourneyTest extends BehindADocumentedProxy {
  @Override
  String program() {
    return "nginx";
  }

  @Override
  String language() {
    return "nginx";
  }

  /** nginx does not ask whether a node is ready. */
  @Override
  int drainSeconds() {
    return 1;
  }

  @Override
  String configuration(String block, int port, Path directory) {
    String site =
        block
            .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
            .replaceAll("ssl_certificate[^;]*;", "");
    return """
    daemon off;
    worker_processes 1;
    user root;
    error_log stderr;
    pid %1$s/nginx.pid;
    events { worker_connections 256; }
    http {
    access_log off;
    client_body_temp_path %1$s/body;
    proxy_temp_path %1$s/proxy;
    fastcgi_temp_path %1$s/fastcgi;
    uwsgi_temp_path %1$s/uwsgi;
    scgi_temp_path %1$s/scgi;
    %2$s
    }
    """
        .formatted(directory, site);
  }

  @Override
  List<String> command(Path configuration, Path directory) {
    return List.of("nginx", "-c", configuration.toString(), "-e", "stderr");
  }
}
