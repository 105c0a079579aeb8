/** What users do with services at the moment. */
@NullMarked
package io.claviger.application.activity;

import org.jspecify.annotations.NullMarked;
