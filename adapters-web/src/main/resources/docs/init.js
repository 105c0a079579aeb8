'use strict';

SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#try',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  // The browser does not keep an access token that was typed into the page.
  persistAuthorization: false,
  // The query of the URL can't change the settings of this page, and no validator on the internet is asked.
  queryConfigEnabled: false,
  validatorUrl: null,
});
