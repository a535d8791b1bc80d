package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.access.LocalMode;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Who gets in: nobody whom the service does not know, except to ask whether it is healthy. In local mode it knows everybody.
 *
 * <p>No session, no cookie, so nothing that a foreign page could ride on. What a known caller may do, {@code access} says at each request.
 */
@Configuration(proxyBeanMethods = false)
class SecurityChain {

    private static final Logger log = LoggerFactory.getLogger(SecurityChain.class);

    @Bean
    SecurityFilterChain chain(HttpSecurity http, BearerTokens tokens, Cors cors, LocalMode localMode) {
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                // The Envelope puts them on every answer, also where this chain is not asked.
                .headers(AbstractHttpConfigurer::disable)
                .addFilter(cors.filter())
                .addFilterBefore(bearer(tokens), AnonymousAuthenticationFilter.class)
                .exceptionHandling(refusals -> refusals
                        .authenticationEntryPoint((request, response, _) -> refuse(request, response))
                        .accessDeniedHandler((request, response, _) -> refuse(request, response)))
                .authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/actuator/health", "/actuator/health/**")
                        .permitAll()
                        .anyRequest()
                        .access((_, _) -> new AuthorizationDecision(CallerArgument.current() != null)));
        if (localMode.isOn()) {
            http.anonymous(anybody -> anybody.principal(Caller.LOCAL));
        }
        return http.build();
    }

    @Bean
    IdentityProvider.Keeping keeping() {
        return IdentityProvider.Keeping.USUAL;
    }

    /** Tomcat and the {@link Gate} have judged the path; what is left is for a controller to answer, or to say that nothing is there. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        return firewall;
    }

    private static BearerTokenAuthenticationFilter bearer(BearerTokens tokens) {
        BearerTokenAuthenticationFilter filter = new BearerTokenAuthenticationFilter(tokens, shown());
        filter.setAuthenticationEntryPoint((request, response, _) -> refuse(request, response));
        filter.setAuthenticationFailureHandler(SecurityChain::failed);
        return filter;
    }

    /** The one header; or the link that is followed. */
    private static AuthenticationConverter shown() {
        DefaultBearerTokenResolver header = new DefaultBearerTokenResolver();
        return request -> {
            String path = request.getRequestURI().substring(request.getContextPath().length());
            boolean follows = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
            if (follows && path.startsWith(LinksController.PATH) && path.length() > LinksController.PATH.length()) {
                return new BearerTokens.FollowedLink(path.substring(LinksController.PATH.length()));
            }
            if (Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)).size() > 1) {
                throw new InvalidBearerTokenException("There are two of them");
            }
            String token = header.resolve(request);
            return token == null ? null : new BearerTokenAuthenticationToken(token);
        };
    }

    /** A token that is not good is nobody's; one that can't be judged now may be good later. */
    static void failed(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure) throws IOException {
        if (failure instanceof AuthenticationServiceException) {
            log.warn("Nobody can be let in: {}", failure.getMessage(), failure.getCause());
            Problems.write(new RequestRefused(ProblemType.OVERLOADED, "The service can't find out who is calling; try again soon."), request, response);
        } else {
            refuse(request, response);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Problems.write(
                new RequestRefused(ProblemType.UNAUTHENTICATED, "The service does not know who is calling; send a token that is good here."), request,
                response);
    }
}
