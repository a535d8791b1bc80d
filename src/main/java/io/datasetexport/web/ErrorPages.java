package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers for what fails outside of controllers, where Tomcat asks for an error page. */
@Hidden
@Controller
class ErrorPages implements ErrorController {

    @RequestMapping("${spring.web.error.path:/error}")
    void problem(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        boolean failed = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer;
        int status = failed ? (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) : 404;
        ProblemType type = ProblemType.ofStatus(status);
        Problems.write(new RequestRefused(type, ProblemAdvice.sentence(type, request)), request, response);
    }
}
