/**
 * HTTP routes for the model catalogue: administrators maintain it, and all users choose models from
 * it.
 */
package io.claviger.web.models;
