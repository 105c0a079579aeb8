'use strict';

SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#try',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  // An access token that was typed in is gone with the page: nothing is kept in the browser.
  persistAuthorization: false,
  // Neither the address bar nor a validator on the internet has a say in what is shown here.
  queryConfigEnabled: false,
  validatorUrl: null,
});
