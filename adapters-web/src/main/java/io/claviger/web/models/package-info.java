/**
 * HTTP routes for the model catalogue: administrators maintain it, and all users choose from it.
 */
package io.claviger.web.models;
