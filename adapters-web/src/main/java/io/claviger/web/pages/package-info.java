/**
 * The pages on which people sign in and see their account: plain HTML generated on the server,
 * without scripts. The pages call the same use cases as the API.
 */
package io.claviger.web.pages;
